import type { SharedBrowser } from "./browser.js";
import type { Bundle } from "./bundle.js";
import { OpenRealm } from "./open-realm.js";
import type { Outcome } from "./page/harness.js";
import type { Realm } from "./server.js";

/** A page that was lost this often is not opened again, because it would probably be lost again. */
const maxLosses = 3;

/**
 * Runs tests in one realm of a browser, one at a time. After a loss the next test gets a new page.
 */
export class RealmTests {
  readonly #browser: SharedBrowser;
  readonly #realm: Realm;
  readonly #losses: string[] = [];
  #open: OpenRealm | undefined;

  constructor(browser: SharedBrowser, realm: Realm) {
    this.#browser = browser;
    this.#realm = realm;
  }

  async names(): Promise<readonly string[]> {
    return (await this.#ready()).names();
  }

  /**
   * Resolves with the reason when the test skipped itself. Rejects with its error, or with one that
   * says that the page crashed, wrote an error to its console, or took longer than `timeoutMs`.
   */
  async run(name: string, timeoutMs: number): Promise<string | undefined> {
    const open = await this.#ready();
    let outcome: Outcome;
    try {
      outcome = await open.run(name, timeoutMs);
    } catch (error) {
      const errors = [error instanceof Error ? error.message : String(error), ...open.takeErrors()];
      this.#losses.push(`${name}: ${errors.join("\n")}`);
      this.#open = undefined;
      await open.close();
      throw new Error(errors.join("\n"), { cause: error });
    }
    const errors = open.takeErrors();
    if (outcome.state === "failed") {
      const { bundle } = await this.#browser.get();
      throw failure(outcome, errors, bundle);
    }
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return outcome.state === "skipped" ? outcome.reason : undefined;
  }

  /** Errors that the page reported after the end of its last test. */
  lateErrors(): readonly string[] {
    return this.#open?.takeErrors() ?? [];
  }

  async #ready(): Promise<OpenRealm> {
    if (this.#losses.length >= maxLosses) {
      throw new Error(`not run, the ${this.#realm} was lost before:\n${this.#losses.join("\n")}`);
    }
    const browser = await this.#browser.get();
    try {
      this.#open ??= await OpenRealm.open(browser, this.#realm);
    } catch (error) {
      this.#losses.push(String(error));
      throw error;
    }
    return this.#open;
  }
}

function failure(
  outcome: Outcome & { state: "failed" },
  errors: readonly string[],
  { mapStack }: Bundle,
): Error {
  const error = new Error([outcome.message, ...errors].join("\n"));
  error.name = outcome.name;
  error.stack = mapStack(outcome.stack);
  return error;
}
