import { afterAll, describe, expect, test } from "vitest";
import { SharedBrowser } from "./browser.js";
import { RealmTests } from "./realm-tests.js";
import { realms } from "./server.js";

const testTimeoutMs = 60_000;

/**
 * Registers every test of an entry in `page/` twice: as it runs in a page and as it runs in a dedicated worker of
 * one browser. `names` are the tests that the entry must have.
 */
export function describeRealms(entry: string, names: readonly string[]): void {
  const browser = new SharedBrowser(entry);
  afterAll(() => browser.close());
  describe.each(realms)("%s", (realm) => describeTests(new RealmTests(browser, realm), names));
}

function describeTests(tests: RealmTests, names: readonly string[]): void {
  test("holds the tests it should", async () => {
    expect(await tests.names()).toEqual(names);
  });
  for (const name of names) {
    // The page's own time-out comes first, because it says more.
    const timeout = testTimeoutMs + 10_000;
    test(name, { timeout }, async (context) => {
      const reason = await tests.run(name, testTimeoutMs);
      if (reason !== undefined) context.skip(reason);
    });
  }
  test("reports no error behind its tests", () => {
    expect(tests.lateErrors()).toEqual([]);
  });
}
