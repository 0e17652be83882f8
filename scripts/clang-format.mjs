/**
 * Checks the format of all C++ against .clang-format: node scripts/clang-format.mjs [--write]
 * `--write` formats the files. Generated files stay as their generator writes them.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "@wasm-fmt/clang-format";
import { root } from "./toolchain.mjs";

const skipped = new Set(["build", "dist", "generated", "node_modules", "prebuilds"]);

function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourcesIn(path);
    return entry.isFile() && /\.(cc|h)$/.test(entry.name) ? [path] : [];
  });
}

const style = readFileSync(join(root, ".clang-format"), "utf8");
const sources = sourcesIn(join(root, "packages"));
const differing = sources
  .map((path) => ({ path, text: readFileSync(path, "utf8") }))
  .map(({ path, text }) => ({ path, text, formatted: format(text, path, style) }))
  .filter(({ text, formatted }) => text !== formatted);

const isWrite = process.argv.includes("--write");
for (const { path, formatted } of differing) {
  if (isWrite) writeFileSync(path, formatted);
  console.error(`${isWrite ? "formatted" : "not formatted"}: ${path}`);
}
if (differing.length > 0 && !isWrite) console.error("run node scripts/clang-format.mjs --write");
console.log(
  `clang-format: ${sources.length} files, ${differing.length} ${isWrite ? "written" : "differ"}`,
);
process.exit(differing.length === 0 || isWrite ? 0 : 1);
