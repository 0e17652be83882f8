import { readFileSync } from "node:fs";
import { kernelLists } from "./generate/kernel-list.mjs";
import { writeFiles } from "./generate/write-files.mjs";

const opParams = new URL("../cpp/generated/op_params.h", import.meta.url);

/** Writes the lists of the driver's kernels from the files in its ops/. With `--check` it fails if they differ. */
export function listKernels(driver, args) {
  const check = args.includes("--check");
  const rows = readFileSync(opParams, "utf8").matchAll(/^ {2}X\((\w+), (\w+)\)/gm);
  const ops = [...rows].map(([, name, struct]) => ({ name, struct }));
  const differing = writeFiles(kernelLists(driver.root, ops), { check });
  for (const path of differing) console.log(`${check ? "differs from ops/" : "wrote"}: ${path}`);
  return !check || differing.length === 0;
}
