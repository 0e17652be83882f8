import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

/**
 * The package of a native driver: its folder, and what the field `ripvec` of its package.json says.
 *
 * - `addon`: file stem of the addon, also the name of its module
 * - `environmentVariable`: what names another addon when the driver is loaded
 * - `sources`: folders with the driver's C++ sources
 * - `binding`: those of them that use Node-API; programs without Node leave them out
 * - `variants`: sources or folders that are compiled once per instruction set: `{ sources, sets }`
 * - `tests`: folder with the native tests, which are one program
 * - `benches`: folder with the benchmarks, a program for each `.cc` file of `programs`
 * - `suites`: TypeScript entries that exercise the driver and exit with 0
 * - `shortLife`: the entry that `fail-allocations` runs
 * - `platforms`: platform tags that must be in prebuilds/ before publishing
 */
export function driverPackage(folder = process.cwd()) {
  const root = resolve(folder);
  const { name, ripvec } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (typeof ripvec?.addon !== "string" || !Array.isArray(ripvec.sources)) {
    throw new Error(
      `${join(root, "package.json")} needs the field "ripvec" with "addon" and "sources"; run this command in the folder of a native driver`,
    );
  }
  const defaults = {
    binding: [],
    variants: [],
    benches: { programs: [] },
    suites: [],
    platforms: [],
  };
  return {
    ...defaults,
    ...ripvec,
    name,
    root,
    require: createRequire(join(root, "package.json")),
    /** Where the addon for a target belongs. */
    prebuild: (tag) => join(root, "prebuilds", tag, `${ripvec.addon}.node`),
  };
}
