import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { packagesOfCpu } from "../programs.mjs";

export const name = "a set-up for the CPU without a model installs at most 6 MB";
export const quick = true;

const limit = 6e6;

function bytesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? bytesIn(path) : statSync(path).size;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

export async function run({ app }) {
  const install = packagesOfCpu.filter((each) => !each.includes("/model-"));
  const folder = await app({ install });
  const size = bytesIn(join(folder, "node_modules"));
  if (size > limit) throw new Error(`${size} bytes are installed`);
  console.log(`        ${(size / 1e6).toFixed(2)} MB are installed.`);
}
