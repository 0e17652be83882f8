import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { mark } from "./names.mjs";

/** Folders of drivers that have kernels in C++, one file an op, in `ops/`. */
export function nativeDrivers(packages) {
  return readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((driver) => kernelStems(driver).length > 0);
}

/**
 * The lists of the ops that a driver has a kernel for, for C++ and for TypeScript, by path. Throws for a file that is
 * named after no op.
 */
export function kernelLists(driver, { ops }) {
  const stems = kernelStems(driver);
  const stray = stems.find((stem) => !ops.some(({ name }) => name === stem));
  if (stray) throw new Error(`${join(driver, "ops", stray)}.cc is named after no op of core's`);
  const kernels = ops.filter(({ name }) => stems.includes(name));
  return [
    [join(driver, "ops/generated/kernel_list.h"), inCpp(kernels)],
    [join(driver, "src/generated/kernels.ts"), inTypeScript(kernels)],
  ];
}

const source = "this package's ops/*.cc";

const inCpp = (kernels) => `${mark(source)}
// clang-format off
#pragma once

/** X(stem, struct of its parameters) of every op that this driver has a kernel for. */
#define RIPVEC_KERNELS(X) \\
${kernels.map(({ name, struct }) => `  X(${name}, ${struct})`).join(" \\\n")}
`;

const inTypeScript = (kernels) => `${mark(source)}
import type { OpName } from "@ripvec/core/driver";

/** Every op that this driver has a kernel for. */
export const kernels: readonly OpName[] = [
${kernels.map(({ name }) => `  "${name}",`).join("\n")}
];
`;

function kernelStems(driver) {
  const folder = join(driver, "ops");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".cc"))
    .map((file) => basename(file, ".cc"));
}
