import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles a TypeScript entry with the sources of core and the testkit, for plain Node. Returns the module's path. */
export async function bundle(entry, folder) {
  await build({
    entry: { bundle: entry },
    outDir: folder,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    config: false,
    silent: true,
    noExternal: [/.*/],
    tsconfig: here("../tsconfig.json"),
  });
  return join(folder, "bundle.mjs");
}
