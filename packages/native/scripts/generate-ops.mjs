/**
 * Writes what native drivers derive from core's op specs: the encoders in TypeScript, the parameters of kernels and
 * their decoding in C++, and for each driver the list of its kernels.
 *
 *   node packages/native/scripts/generate-ops.mjs           writes what differs
 *   node packages/native/scripts/generate-ops.mjs --check   fails where something differs, and writes nothing
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe } from "./generate/describe.mjs";
import { encoders } from "./generate/encoders.mjs";
import { kernelLists, nativeDrivers } from "./generate/kernel-list.mjs";
import { loadCore } from "./generate/load-core.mjs";
import { opDecode } from "./generate/op-decode.mjs";
import { opEnums, opList } from "./generate/op-list.mjs";
import { opParams } from "./generate/op-params.mjs";

const packages = fileURLToPath(new URL("../..", import.meta.url));
const native = join(packages, "native");

/** Text by path. */
async function generatedFiles() {
  const described = describe(await loadCore());
  const files = new Map([
    [join(native, "src/generated/encoders.ts"), encoders(described)],
    [join(native, "cpp/generated/op_enums.h"), opEnums(described)],
    [join(native, "cpp/generated/op_list.h"), opList(described)],
    [join(native, "cpp/generated/op_params.h"), opParams(described)],
    [join(native, "cpp/generated/op_decode.h"), opDecode(described)],
  ]);
  for (const driver of nativeDrivers(packages)) {
    for (const [path, text] of kernelLists(driver, described)) files.set(path, text);
  }
  return files;
}

/** Writes the files that differ, unless `check`; returns their paths from the repository's root. */
export async function generateOps({ check = false } = {}) {
  const changed = [];
  for (const [path, text] of await generatedFiles()) {
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    changed.push(relative(join(packages, ".."), path));
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return changed;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes("--check");
  const changed = await generateOps({ check });
  for (const path of changed)
    console.log(`${check ? "is not what core's op specs give" : "wrote"}: ${path}`);
  if (check && changed.length > 0) {
    console.error("run node packages/native/scripts/generate-ops.mjs and commit what it writes");
    process.exitCode = 1;
  }
}
