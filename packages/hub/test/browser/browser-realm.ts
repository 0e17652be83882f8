import type { BrowserContext, Page, Worker } from "playwright-core";
import type { Realm } from "../../../driver-webgpu/test/browser/server.js";
import type { Opened, OpenRequest, Probe } from "./page/probe.js";

/** A probe in its own page or worker. */
export class BrowserRealm implements Omit<Probe, "secure"> {
  readonly #page: Page;
  readonly #target: Page | Worker;

  private constructor(page: Page, target: Page | Worker) {
    this.#page = page;
    this.#target = target;
  }

  static async start(context: BrowserContext, realm: Realm, origin: string): Promise<BrowserRealm> {
    const page = await context.newPage();
    const worker = realm === "worker" ? page.waitForEvent("worker") : undefined;
    await page.goto(`${origin}/${realm}`);
    const started = new BrowserRealm(page, (await worker) ?? page);
    await started.#evaluate(
      `new Promise((done) => {
        const look = () => ("ripvecProbe" in globalThis ? done() : setTimeout(look, 20));
        look();
      })`,
    );
    return started;
  }

  open(urlOrId: string, request: OpenRequest = {}): Promise<Opened> {
    return this.#call("open", urlOrId, request);
  }

  cachedFiles(): Promise<string[]> {
    return this.#call("cachedFiles");
  }

  damage(end: string): Promise<void> {
    return this.#call("damage", end);
  }

  isSecure(): Promise<boolean> {
    return this.#evaluate("ripvecProbe.secure");
  }

  close(): Promise<void> {
    return this.#page.close();
  }

  #call<T>(method: keyof Probe, ...args: unknown[]): Promise<T> {
    return this.#evaluate(`ripvecProbe.${method}(...${JSON.stringify(args)})`);
  }

  #evaluate<T>(expression: string): Promise<T> {
    const target = this.#target;
    return "context" in target ? target.evaluate(expression) : target.evaluate(expression);
  }
}
