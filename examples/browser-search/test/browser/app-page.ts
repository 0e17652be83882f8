import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

/** What a script in the page, which runs before the page's own, records in every frame. */
export interface Seen {
  /** Frames drawn while texts were indexed. */
  readonly indexingFrames: number;
  /** Distinct values of the progress bars. */
  readonly loading: readonly number[];
  readonly indexing: readonly number[];
}

const observer = `
  globalThis.seen = { indexingFrames: 0, loading: [], indexing: [] };
  const note = () => {
    requestAnimationFrame(note);
    for (const name of ["loading", "indexing"]) {
      const bar = document.getElementById(name + "-bar");
      if (!bar?.offsetParent) continue;
      if (name === "indexing") seen.indexingFrames++;
      const last = seen[name].at(-1);
      if (bar.hasAttribute("value") && bar.value !== last) seen[name].push(bar.value);
    }
  };
  requestAnimationFrame(note);
`;

/** The app in its own page, which must leave no error. */
export class AppPage {
  readonly page: Page;
  readonly #errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.#errors.push(message.text());
    });
    page.on("pageerror", (error) => this.#errors.push(`uncaught ${error.message}`));
    // A bound, so that the test does not hang: a software adapter takes long for the work in
    // flight.
    page.setDefaultTimeout(120_000);
  }

  /** `before` is a script that runs before the page's own. */
  static async open(context: BrowserContext, url: string, before = ""): Promise<AppPage> {
    const page = await context.newPage();
    const app = new AppPage(page);
    await page.addInitScript(observer + before);
    await page.goto(url);
    return app;
  }

  /** Waits until a model is loaded. SwiftShader takes long for the first pass. */
  async ready(): Promise<void> {
    await this.page.locator("#facts").waitFor();
  }

  async indexed(): Promise<string> {
    const words = this.page.locator("#indexed-words");
    await words.filter({ hasText: /Indexed \d/ }).waitFor();
    return (await words.textContent()) ?? "";
  }

  async drop(files: Readonly<Record<string, string>>): Promise<void> {
    const transfer = await this.page.evaluateHandle((entries) => {
      const data = new DataTransfer();
      for (const [name, text] of entries) data.items.add(new File([text], name));
      return data;
    }, Object.entries(files));
    await this.page.dispatchEvent("main", "dragover", { dataTransfer: transfer });
    await this.page.locator("#drop-target").waitFor();
    await this.page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  }

  /** Types a query and waits for its hits. */
  async search(query: string): Promise<void> {
    await this.page.fill("#query", query);
    await this.answered(query);
  }

  async answered(query: string): Promise<void> {
    // A query waits for the batches in flight while texts are indexed.
    await this.page.locator(`#found[data-query="${query}"]`).waitFor();
  }

  /** Names of the texts with the hits, best first. */
  async hits(): Promise<string[]> {
    const places = await this.page.locator(".hit .where").allTextContents();
    return places.map((place) => place.replace(/, line \d+$/, ""));
  }

  mapData(name: "points" | "hits" | "current"): Promise<string | null> {
    return this.page.getAttribute("#map", `data-${name}`);
  }

  seen(): Promise<Seen> {
    return this.page.evaluate("seen");
  }

  focused(): Promise<string> {
    return this.page.evaluate(
      `document.activeElement.id || document.activeElement.className || document.activeElement.tagName`,
    );
  }

  expectNoErrors(): void {
    expect(this.#errors.splice(0)).toEqual([]);
  }
}
