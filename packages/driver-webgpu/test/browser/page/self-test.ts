/** Tests with known results. They check that the results of a page are reported. */
import { exposeTests } from "./harness.js";

exposeTests((test) => {
  test("passes", async () => {});
  test("skips", async ({ skip }) => skip("has no reason"));
  test("throws", async () => {
    throw new RangeError("thrown in the page", { cause: new TypeError("deeper") });
  });
  test("writes to the console", async () => console.error("said aloud"));
  test("rejects a promise that is not awaited", async () => {
    void Promise.reject(new Error("nobody waits"));
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  test("never ends", () => new Promise(() => {}));
  test("finds an adapter", async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) throw new Error("no adapter");
    const { vendor, architecture, device, description } = adapter.info;
    console.info(`adapter: ${[vendor, architecture, device, description].join(" | ")}`);
  });
  test("names its realm", async () => {
    throw new Error("document" in globalThis ? "page" : "worker");
  });
});
