import { existsSync } from "node:fs";
import { type BrowserContext, chromium } from "playwright-core";
import { chromiumProgram, LaneError } from "../support/lanes.js";
import { type Bundle, bundle } from "./bundle.js";
import { serve, type TestServer } from "./server.js";

/** The first alone is needed, for WebGPU on SwiftShader; the others keep the browser quiet, and let root run it. */
const flags = [
  "--enable-unsafe-webgpu",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser, and a server with the tests of one entry in `page/`. Whoever opened them closes them. */
export interface Browser {
  readonly context: BrowserContext;
  readonly server: TestServer;
  readonly bundle: Bundle;
  close(): Promise<void>;
}

async function openBrowser(entry: string): Promise<Browser> {
  if (!existsSync(chromiumProgram)) {
    throw new LaneError("chromium", `there is no ${chromiumProgram}`);
  }
  const bundled = await bundle(entry);
  const server = await serve(bundled.code);
  try {
    // Playwright makes a profile of its own for "", and removes it.
    const context = await chromium.launchPersistentContext("", {
      executablePath: chromiumProgram,
      headless: true,
      args: flags,
    });
    const close = async () => {
      await Promise.allSettled([context.close(), server.close()]);
    };
    return { context, server, bundle: bundled, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** One browser for many tests: opened by the first that asks, so that each fails when it cannot be. */
export class SharedBrowser {
  readonly #entry: string;
  #browser: Promise<Browser> | undefined;

  constructor(entry: string) {
    this.#entry = entry;
  }

  get(): Promise<Browser> {
    this.#browser ??= openBrowser(this.#entry);
    return this.#browser;
  }

  async close(): Promise<void> {
    const browser = await this.#browser?.catch(() => undefined);
    await browser?.close();
  }
}
