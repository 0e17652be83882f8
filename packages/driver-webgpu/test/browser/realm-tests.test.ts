import { afterAll, describe, expect, test } from "vitest";
import { describeTarget } from "../support/targets.js";
import { SharedBrowser } from "./browser.js";
import { RealmTests } from "./realm-tests.js";
import { realms } from "./server.js";

const timeoutMs = 30_000;

describeTarget("chromium", () => {
  const browser = new SharedBrowser("self-test");
  afterAll(() => browser.close());

  describe.each(realms)("tests in a %s", (realm) => {
    const tests = new RealmTests(browser, realm);

    test("find a WebGPU adapter", async () => {
      await expect(tests.run("finds an adapter", timeoutMs)).resolves.toBe(undefined);
    });

    test("run where they should, pass and skip", async () => {
      await expect(tests.run("names its realm", timeoutMs)).rejects.toThrow(realm);
      await expect(tests.run("passes", timeoutMs)).resolves.toBe(undefined);
      await expect(tests.run("skips", timeoutMs)).resolves.toBe("has no reason");
      await expect(tests.run("is not there", timeoutMs)).rejects.toThrow("no test is not there");
    });

    test("fail with the error of the page, at its line of the source", async () => {
      const error = await tests.run("throws", timeoutMs).catch((caught) => caught);
      expect(error.name).toBe("RangeError");
      expect(error.message).toBe("thrown in the page\ncaused by TypeError: deeper");
      expect(error.stack).toMatch(/driver-webgpu\/test\/browser\/page\/self-test\.ts:8:\d+/);
    });

    test("fail when the page reports an error", async () => {
      await expect(tests.run("writes to the console", timeoutMs)).rejects.toThrow(
        "error on the console: said aloud",
      );
      await expect(tests.run("rejects a promise that is not awaited", timeoutMs)).rejects.toThrow(
        "nobody waits",
      );
      await expect(tests.run("passes", timeoutMs)).resolves.toBe(undefined);
    });

    test("fail when they take too long or the page crashes, and the next test gets a new page", async () => {
      const lost = new RealmTests(browser, realm);
      await expect(lost.run("never ends", 500)).rejects.toThrow(`no answer from the ${realm}`);
      await expect(lost.run("passes", timeoutMs)).resolves.toBe(undefined);
      const crashing = lost.run("never ends", timeoutMs);
      const { context } = await browser.get();
      const page = context.pages().at(-1);
      void page?.goto("chrome://crash").catch(() => {});
      await expect(crashing).rejects.toThrow(/crashed/);
      await expect(lost.run("passes", timeoutMs)).resolves.toBe(undefined);
      await expect(lost.run("never ends", 500)).rejects.toThrow("no answer");
      await expect(lost.run("passes", timeoutMs)).rejects.toThrow("not run");
    });
  });
});
