import type { Page, Worker } from "playwright-core";
import type { Browser } from "./browser.js";
import type { Outcome } from "./page/harness.js";
import type { Realm } from "./server.js";

const startTimeoutMs = 30_000;

/** One page of the browser, whose tests run in it or in its dedicated worker. */
export class OpenRealm {
  readonly #realm: Realm;
  readonly #page: Page;
  readonly #target: Page | Worker;
  readonly #errors: string[];
  readonly #crashed: Promise<never>;

  private constructor(realm: Realm, page: Page, target: Page | Worker, watch: Watch) {
    this.#realm = realm;
    this.#page = page;
    this.#target = target;
    this.#errors = watch.errors;
    this.#crashed = watch.crashed;
  }

  static async open({ context, server }: Browser, realm: Realm): Promise<OpenRealm> {
    const page = await context.newPage();
    const watch = watchPage(page, realm);
    try {
      const worker = realm === "worker" ? page.waitForEvent("worker") : undefined;
      await Promise.race([page.goto(`${server.origin}/${realm}`), watch.crashed]);
      const open = new OpenRealm(realm, page, (await worker) ?? page, watch);
      await open.#started();
      return open;
    } catch (error) {
      await page.close();
      throw new Error([`the ${realm} did not start`, ...watch.errors].join("\n"), { cause: error });
    }
  }

  names(): Promise<readonly string[]> {
    return this.#evaluate("ripvecTests.names");
  }

  /** Rejects when the page is lost, after which it must not be used again. */
  run(name: string, timeoutMs: number): Promise<Outcome> {
    return this.#within(timeoutMs, this.#evaluate(`ripvecTests.run(${JSON.stringify(name)})`));
  }

  /**
   * The errors since the last call: those written to the console, and those that were thrown and
   * not caught.
   */
  takeErrors(): string[] {
    return this.#errors.splice(0);
  }

  async close(): Promise<void> {
    await this.#page.close();
  }

  async #started(): Promise<void> {
    const until = Date.now() + startTimeoutMs;
    while (!(await this.#evaluate<boolean>(`"ripvecTests" in globalThis`))) {
      if (this.#errors.length > 0) throw new Error("its script failed");
      if (Date.now() > until) throw new Error(`no tests after ${startTimeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #evaluate<T>(expression: string): Promise<T> {
    const target = this.#target;
    const value: Promise<T> =
      "context" in target ? target.evaluate(expression) : target.evaluate(expression);
    try {
      return await Promise.race([value, this.#crashed]);
    } catch (error) {
      // A worker ends before the page reports that it crashed.
      await Promise.race([this.#crashed, new Promise((resolve) => setTimeout(resolve, 1000))]);
      throw error;
    }
  }

  async #within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `no answer from the ${this.#realm} after ${timeoutMs} ms`;
      timer = setTimeout(() => reject(new Error(message)), timeoutMs);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Watch {
  readonly errors: string[];
  /** Rejects when the page crashed or the browser ended. */
  readonly crashed: Promise<never>;
}

function watchPage(page: Page, realm: Realm): Watch {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "info") console.info(`${realm}: ${message.text()}`);
    if (message.type() === "error") errors.push(`error on the console: ${message.text()}`);
  });
  page.on("pageerror", (error) => errors.push(`uncaught ${error.name}: ${error.message}`));
  const crashed = new Promise<never>((_, reject) => {
    page.on("crash", () => reject(new Error(`the ${realm} crashed`)));
    page.context().on("close", () => reject(new Error("the browser ended")));
  });
  crashed.catch(() => {});
  return { errors, crashed };
}
