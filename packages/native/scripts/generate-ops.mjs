/**
 * Writes what native drivers derive from core's op specs: the encoders in TypeScript, the parameters of kernels and
 * their decoding in C++, and for each driver the list of its kernels.
 *
 *   node packages/native/scripts/generate-ops.mjs           writes what differs
 *   node packages/native/scripts/generate-ops.mjs --check   fails where something differs, and writes nothing
 */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "./generate/describe.mjs";
import { encoders } from "./generate/encoders.mjs";
import { kernelLists, nativeDrivers } from "./generate/kernel-list.mjs";
import { loadCore } from "./generate/load-core.mjs";
import { opDecode } from "./generate/op-decode.mjs";
import { opEnums, opList } from "./generate/op-list.mjs";
import { opParams } from "./generate/op-params.mjs";
import { writeFiles } from "./generate/write-files.mjs";

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
    for (const [path, text] of kernelLists(driver, described.ops)) files.set(path, text);
  }
  return files;
}

const check = process.argv.includes("--check");
const changed = writeFiles(await generatedFiles(), { check });
for (const path of changed) {
  const from = relative(join(packages, ".."), path);
  console.log(`${check ? "differs from what core's op specs give" : "wrote"}: ${from}`);
}
if (check && changed.length > 0) {
  console.error("run node packages/native/scripts/generate-ops.mjs and commit what it writes");
  process.exitCode = 1;
}
