import { createReadStream, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin, preview } from "vite";

const configFile = fileURLToPath(new URL("../../vite.config.ts", import.meta.url));

/** The built page on a local server. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Builds the page as its README says, from the built packages, into a temporary folder, and serves
 * it.
 */
export async function openSite(): Promise<Site> {
  const outDir = await mkdtemp(join(tmpdir(), "ripvec-browser-search-"));
  const remove = () => rm(outDir, { recursive: true, force: true });
  try {
    await build({ configFile, build: { outDir, emptyOutDir: true }, logLevel: "error" });
    const server = await preview({
      configFile,
      build: { outDir },
      preview: { host: "127.0.0.1", port: 0 },
      plugins: [slowWeights(join(outDir, "model/model.safetensors"))],
      logLevel: "error",
    });
    const close = async () => {
      await Promise.allSettled([server.close(), remove()]);
    };
    return { url: server.resolvedUrls?.local[0] ?? "", close };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Weights are sent in parts with pauses, so that their progress can be observed. */
function slowWeights(path: string): Plugin {
  return {
    name: "slow-weights",
    configurePreviewServer({ middlewares }) {
      middlewares.use("/model/model.safetensors", (_request, response) => {
        response.setHeader("Content-Length", statSync(path).size);
        Readable.from(slowly(path)).pipe(response);
      });
    },
  };
}

async function* slowly(path: string): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(path, { highWaterMark: 2_000_000 })) {
    yield piece;
    await sleep(100);
  }
}
