import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BrowserContext, Page, Worker } from "playwright-core";
import type { DirectoryServer } from "./directory-server.js";
import type { Opened, OpenRequest, Probe } from "./page/probe.js";

/** Where in the browser a model is opened. */
export const realms = ["page", "worker"] as const;
export type Realm = (typeof realms)[number];

/** One script of the probe and all that it imports. Fails when any of it wants Node. */
export async function bundleProbe(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page/probe.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

const starts: Record<Realm, string> = {
  page: `<script type="module" src="/probe.js"></script>`,
  worker: `<script type="module">new Worker("/probe.js", { type: "module" });</script>`,
};

/** Puts the script, and a page for each realm that starts it, beside the model. */
export function servePages(server: DirectoryServer, code: string): void {
  server.pages.set("/probe.js", { type: "text/javascript", body: code });
  for (const realm of realms) {
    const body = `<!doctype html><link rel="icon" href="data:,">${starts[realm]}`;
    server.pages.set(`/${realm}`, { type: "text/html", body });
  }
}

/** A probe in a page or worker of its own. */
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
