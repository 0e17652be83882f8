import { templateDriver, testDriver } from "@ripvec/driver-testkit";
import { afterAll, expect, test } from "vitest";
import { describeTarget } from "../support/targets.js";
import { SharedBrowser } from "./browser.js";
import { RealmTests } from "./realm-tests.js";
import type { Realm } from "./server.js";

/**
 * Long enough for a test that compiles many kernels on a software adapter while another test is
 * busy.
 */
const testTimeoutMs = 180_000;

const names = ["the driver names the browser's adapter"];
testDriver({ test: (name) => names.push(name), createDriver: () => templateDriver() });

/**
 * Registers the tests of `page/conformance.ts`. Each file uses one realm, because files run
 * concurrently.
 */
export function describeConformance(realm: Realm): void {
  describeTarget("chromium", () => {
    const browser = new SharedBrowser("conformance");
    const tests = new RealmTests(browser, realm);
    afterAll(() => browser.close());
    test("the page holds the tests of the kit", { timeout: testTimeoutMs }, async () => {
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
    test("the page reports no error after its tests", () => {
      expect(tests.lateErrors()).toEqual([]);
    });
  });
}
