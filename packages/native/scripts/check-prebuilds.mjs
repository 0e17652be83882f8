/** Before publishing: every platform in this list has its addon in prebuilds/, and none is empty. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./build.mjs";

const platforms = [
  "linux-x64",
  "linux-arm64",
  "linux-x64-musl",
  "linux-arm64-musl",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64",
];

const missing = platforms
  .map((tag) => join(root, "prebuilds", tag, "driver_cpu.node"))
  .filter((path) => !existsSync(path) || statSync(path).size === 0);
for (const path of missing) console.error(`missing: ${path}`);
if (missing.length > 0) {
  console.error("Build each on its platform, or take the artifacts of the continuous integration.");
  process.exit(1);
}
