import { SourceMap } from "node:module";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** One script with everything that an entry imports, from the sources of every package. */
export interface Bundle {
  readonly code: string;
  /** Rewrites a stack of the script to files, lines and columns of the sources. */
  readonly mapStack: (stack: string) => string;
}

/** Bundles the entry. Fails if a module of it needs Node. */
export async function bundle(entry: URL): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    loader: { ".wgsl": "text" },
    // The WebGPU of Node, which the driver does not load in a browser.
    external: ["webgpu"],
    sourcemap: "external",
    sourcesContent: false,
    outfile: resolve(root, "tests.js"),
    logLevel: "silent",
  });
  const text = (suffix: string) =>
    outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? "";
  const map = new SourceMap(JSON.parse(text(".map")));
  return { code: text(".js"), mapStack: (stack) => mapStack(stack, map) };
}

function mapStack(stack: string, map: SourceMap): string {
  return stack.replace(/\(?\bhttps?:\/\/[^\s)]*?:(\d+):(\d+)\)?/g, (place, line, column) => {
    const found = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in found)) return place;
    const file = relative(root, resolve(root, found.originalSource));
    return `(${file}:${found.originalLine + 1}:${found.originalColumn + 1})`;
  });
}
