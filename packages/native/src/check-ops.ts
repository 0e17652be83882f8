import { type OpName, opNames } from "@ripvec/core/driver";
import type { NativeOp } from "./addon.js";
import { commandShapes } from "./generated/encoders.js";

/**
 * Compares the ops of an addon with the commands that this package writes for `kernels`. Returns the first difference,
 * as a clause that names the op; undefined if there is none.
 */
export function differenceOfOps(
  found: readonly NativeOp[],
  kernels: readonly OpName[],
): string | undefined {
  for (const op of found) {
    const difference = differenceOfOp(op, kernels);
    if (difference) return difference;
  }
  const missing = ["fill", ...kernels].find((name) => !found.some((op) => op.name === name));
  return missing && `the addon has no kernel for ${missing}`;
}

function differenceOfOp(op: NativeOp, kernels: readonly OpName[]): string | undefined {
  const code = commandShapes.findIndex(({ name }) => name === op.name);
  const shape = commandShapes[code];
  if (!shape) return `the addon has a kernel for ${op.name}, which @ripvec/core does not know`;
  if (isOp(op.name) && !kernels.includes(op.name)) {
    return `the addon has a kernel for ${op.name}, which is not in the driver's list`;
  }
  if (op.code !== code) return `${op.name} has code ${op.code} in the addon, expected ${code}`;
  if (op.tensors !== shape.tensors) {
    return `${op.name} takes ${op.tensors} tensors in the addon, expected ${shape.tensors}`;
  }
  if (op.numbers !== shape.numbers) {
    return `${op.name} takes ${op.numbers} numbers in the addon, expected ${shape.numbers}`;
  }
  return undefined;
}

const isOp = (name: string): name is OpName => (opNames as readonly string[]).includes(name);
