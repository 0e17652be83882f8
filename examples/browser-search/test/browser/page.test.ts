import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../packages/driver-webgpu/test/browser/browser.js";
import { describeTarget } from "../../../../packages/driver-webgpu/test/support/targets.js";
import { AppPage } from "./app-page.js";
import { contrast, hitPixels, overflow } from "./appearance.js";
import { openSite, type Site } from "./site.js";

const whales = "Whales sing to each other across the whole ocean.";
const files = {
  "bread.txt": "Knead the dough.\n\nBake the bread in a hot oven until its crust is brown.",
  "train.txt": "The last train leaves the station at midnight.\n\nTickets are sold on board.",
  "garden.txt": "Water the tomatoes in the morning.\n\nRoses want to be cut in spring.",
};
const longText = (paragraphs: number) =>
  Array.from(
    { length: paragraphs },
    (_, i) => `Harbour ${i}. ${"A ship with cargo waits for the tide. ".repeat(10)}`,
  ).join("\n\n");

/** Folder for screenshots, when they are requested. */
const screenshots = process.env.RIPVEC_SCREENSHOTS;

async function shoot(app: AppPage, name: string): Promise<void> {
  if (!screenshots) return;
  await mkdir(screenshots, { recursive: true });
  await app.page.evaluate("scrollTo(0, 0)");
  await app.page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

describeTarget("chromium", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  }, 120_000);
  afterAll(() => site?.close());

  describe("with WebGPU", { timeout: 300_000 }, () => {
    let context: BrowserContext;
    let app: AppPage;
    beforeAll(async () => {
      context = await launchChromium({ webGpu: true });
      app = await AppPage.open(context, site.url);
    }, 60_000);
    afterAll(() => context?.close());
    afterEach(() => app.expectNoErrors());

    test("loads its model with progress, and shows the model and the device", async () => {
      await app.ready();
      const { loading } = await app.seen();
      expect(loading.some((part) => part > 0 && part < 1)).toBe(true);
      expect(loading).toEqual([...loading].sort((a, b) => a - b));
      const facts = (await app.page.textContent("#facts")) ?? "";
      expect(facts).toMatch(/all-MiniLM-L6-v2.*384 dimensions, up to 256 tokens.*WebGPU.*i8/s);
      await shoot(app, "empty-1280-light");
    });

    test("indexes a pasted text and dropped files, and finds them while the user types", async () => {
      const { page } = app;
      await page.fill("#paste", whales);
      await page.click("#paste-form button");
      expect(await app.indexed()).toMatch(/Indexed 1 chunk, \d+ tokens in .*texts\/s, .*tokens\/s/);
      await app.drop(files);
      await page.locator("#names li").nth(3).waitFor();
      await page.locator("#indexing").waitFor({ state: "hidden" });
      await page.locator("#query").pressSequentially("last train");
      await app.answered("last train");
      expect((await app.hits())[0]).toBe("train.txt");
      await app.search("music of sea mammals");
      expect((await app.hits())[0]).toBe("Pasted text 1");
      expect(await page.textContent("#found")).toMatch(/nearest of 4 chunks · .*ms/);
    });

    test("shows the hits on the map", async () => {
      const { page } = app;
      expect(await app.mapData("points")).toBe("4");
      const first = await page.getAttribute(".hit", "data-chunk");
      expect((await app.mapData("hits"))?.split(" ")[0]).toBe(first);
      await expect.poll(() => hitPixels(page)).toBeGreaterThan(100);
      await page.hover(".hit >> nth=1");
      expect(await app.mapData("current")).toBe(
        await page.getAttribute(".hit >> nth=1", "data-chunk"),
      );
      await page.fill("#query", "");
      await expect.poll(() => hitPixels(page)).toBe(0);
      expect(await app.mapData("hits")).toBe("");
    });

    test("works with the keyboard alone", async () => {
      const { page } = app;
      const press = (key: string) => page.keyboard.press(key);
      await page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()");
      await page.mouse.move(0, 0);
      await page.focus(".skip");
      await press("Enter");
      await press("Tab");
      for (let tabs = 0; tabs < 3 && (await app.focused()) !== "query"; tabs++)
        await press("Shift+Tab");
      expect(await app.focused()).toBe("query");
      await page.keyboard.type("garden roses");
      await app.answered("garden roses");
      await press("ArrowDown");
      expect(await app.focused()).toContain("hit");
      const focusedHit = () => page.locator(".hit:focus");
      expect(await focusedHit().getAttribute("aria-expanded")).toBe("false");
      await press("Enter");
      expect(await focusedHit().getAttribute("aria-expanded")).toBe("true");
      expect(await focusedHit().locator(".rank").textContent()).toBe("1");
      await press("ArrowDown");
      expect(await focusedHit().locator(".rank").textContent()).toBe("2");
      expect(await app.mapData("current")).toBe(await focusedHit().getAttribute("data-chunk"));
      await press("Home");
      await press("ArrowUp");
      expect(await app.focused()).toBe("query");
      await press("Tab");
      expect(await app.focused()).toBe("map");
      await press("Home");
      const best = (await app.mapData("hits"))?.split(" ")[0];
      expect(await app.mapData("current")).toBe(best);
      expect(await page.textContent("#map-chunk")).toContain("garden.txt");
      const visited = new Set<string | null>();
      for (const key of ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"]) {
        await press(key);
        visited.add(await app.mapData("current"));
      }
      expect(visited.size).toBeGreaterThan(1);
      await press("Home");
      await press("Enter");
      expect(await focusedHit().getAttribute("data-chunk")).toBe(best);
    });

    test.each(["light", "dark"] as const)("is readable and fits in the %s theme", async (theme) => {
      const { page } = app;
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.locator("#choice").evaluate((details: HTMLDetailsElement) => {
        details.open = true;
      });
      const selectors = [
        "h1",
        "header p",
        "dt",
        "dd",
        "summary",
        "label",
        "button",
        ".button",
        "button.plain",
        "#query",
        "select",
        "option",
        ".found",
        ".where",
        ".score",
        ".words",
        ".rank",
        ".name",
        ".hit",
      ];
      for (const selector of selectors) {
        const ratio = await contrast(page, selector);
        if (selector !== "option") expect(ratio, selector).toBeGreaterThan(4.5);
      }
      for (const width of [360, 390, 800, 1280, 1920]) {
        await page.setViewportSize({ width, height: 844 });
        expect(await overflow(page), `${width} px`).toBe(0);
        await shoot(app, `hits-${width}-${theme}`);
      }
      await page.setViewportSize({ width: 1280, height: 844 });
      await page.emulateMedia({ colorScheme: "light" });
    });

    test("refuses files that are not text, with the reason", async () => {
      await app.drop({ "zeros.bin": "a\0b", "empty.txt": "" });
      await app.page.locator("#refused li").nth(1).waitFor();
      const refused = await app.page.locator("#refused li").allTextContents();
      expect(refused).toEqual([
        expect.stringMatching(/^zeros.bin: is not UTF-8 text/),
        "empty.txt: is empty.",
      ]);
      await app.page.click("#paste-form button");
      expect(await app.page.textContent("#refused")).toContain("paste a text first");
      await app.page.locator("#paste").fill("Lighthouses warn ships.");
      await app.page.keyboard.press("Control+Enter");
      await app.page.locator("#names li").nth(4).waitFor();
      expect(await app.page.locator("#refused").isVisible()).toBe(false);
      await app.page.locator("#indexing").waitFor({ state: "hidden" });
    });

    test("finds chunks while indexing continues and the page stays responsive, and stops when asked", async () => {
      const { page } = app;
      await app.search("cargo ship harbour");
      const before = await app.mapData("hits");
      const { indexingFrames } = await app.seen();
      await app.drop({ "harbours.txt": longText(400) });
      await expect.poll(() => app.mapData("hits"), { timeout: 120_000 }).not.toBe(before);
      expect((await app.hits())[0]).toBe("harbours.txt");
      expect(await page.locator("#indexing").isVisible()).toBe(true);
      expect(await page.textContent("#indexing-words")).toMatch(/\d+ %, .* texts\/s, .* tokens\/s/);
      await app.search("whales sing");
      await page.hover(".hit >> nth=0");
      await page.mouse.down();
      const points = await app.mapData("points");
      await expect.poll(() => app.mapData("points"), { timeout: 120_000 }).not.toBe(points);
      await page.mouse.up();
      expect(await page.getAttribute(".hit >> nth=0", "aria-expanded")).toBe("true");
      await page.fill("#query", "tide harbour");
      await app.answered("tide harbour");
      expect((await app.seen()).indexingFrames).toBeGreaterThan(indexingFrames + 20);
      await shoot(app, "indexing-1280-light");
      await page.click("#indexing-cancel");
      await page.locator("#indexing").waitFor({ state: "hidden" });
      const words = (await page.textContent("#indexed-words")) ?? "";
      const [, chunks] = /^Stopped\. (\d+) chunks are indexed/.exec(words) ?? [];
      expect(await page.locator(".hit").count()).toBe(Math.min(10, Number(chunks)));
      expect(await app.focused()).toBe("paste");
    });

    test("removes all texts, even in the middle of indexing", async () => {
      const { page } = app;
      await app.drop({ "harbours.txt": longText(400) });
      await page.locator("#indexing").waitFor();
      await page.click("#clear");
      await page.locator("#names li").first().waitFor({ state: "detached" });
      await page.locator("#indexing").waitFor({ state: "hidden" });
      expect(await page.textContent("#indexed-words")).toBe("");
      expect(await app.focused()).toBe("paste");
      expect(await app.mapData("points")).toBe("0");
      expect(await app.hits()).toEqual([]);
    });

    test("lets a field handle text that is dropped into it", async () => {
      const { page } = app;
      const dataTransfer = await page.evaluateHandle(() => {
        const data = new DataTransfer();
        data.setData("text/plain", "whales");
        return data;
      });
      await page.dispatchEvent("#query", "dragover", { dataTransfer });
      expect(await page.locator("#drop-target").isVisible()).toBe(false);
      await page.dispatchEvent("#query", "drop", { dataTransfer });
      await page.dispatchEvent("h1", "dragover", { dataTransfer });
      expect(await page.locator("#drop-target").isVisible()).toBe(true);
      await page.dispatchEvent("h1", "drop", { dataTransfer });
      await page.locator("#names li").filter({ hasText: "Dropped text1 chunk" }).waitFor();
      await page.locator("#indexing").waitFor({ state: "hidden" });
      await page.click("#clear");
      await page.locator("#names li").first().waitFor({ state: "detached" });
    });

    test("says what to do when a model cannot be loaded, and when loading is cancelled", async () => {
      const { page } = app;
      const choose = async (place: string) => {
        await page.locator("#choice").evaluate((details: HTMLDetailsElement) => {
          details.open = true;
        });
        await page.fill("#place", place);
        await page.press("#place", "Enter");
      };
      await choose("no such model");
      await page.locator("#problem h2").filter({ hasText: "model was not found" }).waitFor();
      expect(await page.locator("#problem li").count()).toBeGreaterThan(0);
      await shoot(app, "problem-1280");
      await app.drop({ "waits.txt": "Lanterns glow." });
      await page.locator("#indexed-words").filter({ hasText: "Waiting for the model" }).waitFor();
      expect(await page.locator("#indexing").isVisible()).toBe(false);
      await page.getByRole("button", { name: "Load the built-in model" }).click();
      expect(await app.focused()).toBe("choice-summary");
      await page.click("#loading-cancel");
      await page.locator("#problem h2").filter({ hasText: "cancelled" }).waitFor();
      expect(await app.focused()).toBe("place");
      await page.getByRole("button", { name: "Load the model again" }).click();
      await app.ready();
      expect(await page.locator("#problem").isVisible()).toBe(false);
      expect(await app.indexed()).toMatch(/Indexed 1 chunk,/);
      await page.click("#clear");
      await page.locator("#names li").first().waitFor({ state: "detached" });
    });

    test("says that the GPU was lost, and indexes all texts again when the model is loaded again", async () => {
      const { page } = app;
      const [worker] = page.workers();
      await worker?.evaluate(`{
        const { requestDevice } = GPUAdapter.prototype;
        GPUAdapter.prototype.requestDevice = async function (...options) {
          globalThis.lastDevice = await requestDevice.apply(this, options);
          return lastDevice;
        };
      }`);
      await page.click("#choice-summary");
      await page.fill("#place", "./model/");
      await page.press("#place", "Enter");
      await app.ready();
      expect(await page.textContent("#fact-weights")).toBe("i8");
      await app.drop(files);
      await page.locator("#names li").nth(2).waitFor();
      await worker?.evaluate("lastDevice.destroy()");
      await page.fill("#query", "bread");
      await page.locator("#problem h2").filter({ hasText: "took the GPU away" }).waitFor();
      expect(await page.textContent("#problem")).toContain("your texts are kept");
      await page.getByRole("button", { name: "Load the model again" }).click();
      await app.answered("bread");
      await page.locator("#names li").nth(2).waitFor();
      await app.search("crust");
      expect((await app.hits())[0]).toBe("bread.txt");
      expect(await page.locator("#problem").isVisible()).toBe(false);
    });
  });

  describe("without WebGPU", () => {
    let context: BrowserContext;
    beforeAll(async () => {
      context = await launchChromium({ webGpu: false });
    }, 60_000);
    afterAll(() => context?.close());

    const noGpu = `delete Navigator.prototype.gpu;`;
    const notSecure = `${noGpu} Object.defineProperty(globalThis, "isSecureContext", { value: false });`;
    const noAdapter = `Object.defineProperty(Navigator.prototype, "gpu", { configurable: true, value: { requestAdapter: async () => null } });`;

    test.each([
      ["as the browser starts", "", /WebGPU/, /Chrome|hardware acceleration/],
      ["no navigator.gpu", noGpu, /does not support/, /Chrome or Edge 113/],
      ["no adapter", noAdapter, /no graphics adapter/, /hardware acceleration/],
      ["no secure page", notSecure, /only to secure pages/, /https/],
    ])("says what is missing: %s", async (name, before, title, advice) => {
      const app = await AppPage.open(context, site.url, before);
      const { page } = app;
      await page.locator("#missing").waitFor();
      expect(await page.textContent("#missing-title")).toMatch(title);
      expect(await page.textContent("#missing-advice")).toMatch(advice);
      expect(await page.locator("#missing-checks .bad").count()).toBeGreaterThan(0);
      expect(await page.locator("main").isVisible()).toBe(false);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await overflow(page)).toBe(0);
      await shoot(app, `missing ${name}`.replaceAll(/\W/g, "-"));
      await page.click("#missing-retry");
      await page.locator("#missing").waitFor();
      app.expectNoErrors();
      await page.close();
    });
  });
});
