import { join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles a TypeScript entry with everything that it imports, for plain Node. Packages are found as
 * the tsconfig.json in `root` says. Returns the path of the module, which is in `folder`.
 */
export async function bundle(root, entry, folder) {
  const outfile = join(folder, "bundle.mjs");
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    tsconfig: join(root, "tsconfig.json"),
    logLevel: "error",
  });
  return outfile;
}
