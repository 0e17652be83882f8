import { existsSync } from "node:fs";
import { type BrowserContext, chromium } from "playwright-core";
import { chromiumProgram, TargetError } from "../support/targets.js";
import { type Bundle, bundle } from "./bundle.js";
import { serve, type TestServer } from "./server.js";

/** Alone is enough for WebGPU on SwiftShader. */
const webGpuFlag = "--enable-unsafe-webgpu";

/** Keep the browser quiet, and let root run it. */
const flags = [
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

/** Chromium with an empty profile, on SwiftShader with `webGpu`, without an adapter else. Whoever launches it closes it. */
export function launchChromium({
  webGpu,
  moreFlags = [],
}: {
  webGpu: boolean;
  moreFlags?: readonly string[];
}): Promise<BrowserContext> {
  if (!existsSync(chromiumProgram)) {
    throw new TargetError("chromium", `there is no ${chromiumProgram}`);
  }
  // Playwright makes a profile of its own for "", and removes it.
  return chromium.launchPersistentContext("", {
    executablePath: chromiumProgram,
    headless: true,
    args: [...(webGpu ? [webGpuFlag] : []), ...flags, ...moreFlags],
  });
}

async function openBrowser(entry: string): Promise<Browser> {
  const bundled = await bundle(new URL(`page/${entry}.ts`, import.meta.url));
  const server = await serve(bundled.code);
  try {
    const context = await launchChromium({ webGpu: true });
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
