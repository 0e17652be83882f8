import { existsSync } from "node:fs";
import { type BrowserContext, chromium } from "playwright-core";
import { chromiumProgram, TargetError } from "../support/targets.js";
import { type Bundle, bundle } from "./bundle.js";
import { serve, type TestServer } from "./server.js";

/** This flag is enough for WebGPU on SwiftShader. */
const webGpuFlag = "--enable-unsafe-webgpu";

/** These flags turn background work off and let root run the browser. */
const flags = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser, and a server with the tests of one entry in `page/`. The caller closes them. */
export interface Browser {
  readonly context: BrowserContext;
  readonly server: TestServer;
  readonly bundle: Bundle;
  close(): Promise<void>;
}

/**
 * Starts Chromium with an empty profile: on SwiftShader with `webGpu`, and else without an adapter.
 * The caller closes it.
 */
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
  // For "", Playwright creates a profile of its own and removes it.
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

/**
 * One browser for many tests. The first test that needs it opens it. If it cannot be opened, every
 * test fails.
 */
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
