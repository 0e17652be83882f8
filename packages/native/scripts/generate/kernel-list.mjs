import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { mark } from "./names.mjs";

/** Folders of drivers that have kernels in C++, one file an op, in `ops/`. */
export function nativeDrivers(packages) {
  return readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((driver) => kernelStems(driver).length > 0);
}

/** ops/generated/kernel_list.h of a driver: the ops that it has a kernel for. Throws for a file that is no op. */
export function kernelList(driver, { ops }) {
  const stems = kernelStems(driver);
  const stray = stems.find((stem) => !ops.some(({ name }) => name === stem));
  if (stray) throw new Error(`${join(driver, "ops", stray)}.cc is named after no op of core's`);
  const rows = ops
    .filter(({ name }) => stems.includes(name))
    .map(({ name, struct }) => `  X(${name}, ${struct})`);
  return `${mark("this package's ops/*.cc")}
// clang-format off
#pragma once

/** X(stem, struct of its parameters) of every op that this driver has a kernel for. */
#define RIPVEC_KERNELS(X) \\
${rows.join(" \\\n")}
`;
}

function kernelStems(driver) {
  const folder = join(driver, "ops");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".cc"))
    .map((file) => basename(file, ".cc"));
}
