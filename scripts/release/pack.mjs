/**
 * Packs every public package into a folder:
 *   node scripts/release/pack.mjs <folder> [--platforms linux-x64,…]
 * Everything must be built. `--platforms` names the platforms whose packages are packed; default: all.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pnpm, root } from "../toolchain.mjs";
import { missingFiles, releasedPackages } from "./packages.mjs";

/** One line for each package that is not built. */
function unbuilt(packages) {
  return packages.flatMap(({ folder, manifest, platform }) => {
    const missing = missingFiles(join(root, folder), manifest);
    if (missing.length === 0) return [];
    const reason = platform ? `, the addon for ${platform}` : "";
    return [`${manifest.name} lacks ${missing.join(", ")}${reason}`];
  });
}

/** Packs the public packages into a new or empty folder. Throws an error that lists all packages that are not built. */
export async function pack(folder, { platforms } = {}) {
  const packages = releasedPackages(root, platforms);
  const missing = unbuilt(packages);
  if (missing.length > 0) throw new Error(`Nothing was packed:\n  ${missing.join("\n  ")}`);
  const destination = resolve(folder);
  mkdirSync(destination, { recursive: true });
  if (readdirSync(destination).length > 0) throw new Error(`${destination} is not empty`);
  const filters = packages.flatMap(({ manifest }) => ["--filter", manifest.name]);
  const args = ["-r", ...filters, "pack", "--pack-destination", destination];
  const code = await pnpm(args, { quiet: true });
  if (code !== 0) throw new Error(`pnpm pack failed with exit code ${code}`);
}

if (import.meta.filename === process.argv[1]) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { platforms: { type: "string" } },
  });
  if (positionals.length !== 1) throw new Error("usage: pack.mjs <folder> [--platforms <tags>]");
  try {
    await pack(positionals[0], { platforms: values.platforms?.split(",") });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
