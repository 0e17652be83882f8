import { type OpName, type OpSpec, takesLayout } from "@ripvec/core/driver";
import type { NativeOp } from "./addon.js";
import { commandShapes } from "./generated/encoders.js";
import { opSignature } from "./op-signature.js";

/**
 * Compares the specs of `kernels` in the installed @ripvec/core with those that the commands of this package were
 * generated from. Returns the first difference, as a clause that names the op; undefined if there is none.
 */
export function differenceOfSpecs(
  specs: Readonly<Record<string, OpSpec<never>>>,
  kernels: readonly OpName[],
): string | undefined {
  for (const name of kernels) {
    const spec = specs[name];
    if (!spec) return `it has no op ${name}`;
    const found = opSignature(spec, takesLayout(spec));
    const expected = commandShapes.find((shape) => shape.name === name)?.signature;
    if (found !== expected) return `${name} takes (${found}), expected (${expected})`;
  }
  return undefined;
}

/**
 * Compares the ops of an addon with the commands that this package writes for `kernels`. Returns the first difference,
 * as a clause that names the op; undefined if there is none.
 */
export function differenceOfOps(
  found: readonly NativeOp[],
  kernels: readonly OpName[],
): string | undefined {
  const expected: readonly string[] = ["fill", ...kernels];
  for (const op of found) {
    const difference = differenceOfOp(op, expected);
    if (difference) return difference;
  }
  const missing = expected.find((name) => !found.some((op) => op.name === name));
  return missing ? `the addon has no kernel for ${missing}` : differenceOfCodes(found);
}

/** Checked last, since one op more or less changes the codes of others. */
function differenceOfCodes(found: readonly NativeOp[]): string | undefined {
  for (const { name, code } of found) {
    const expected = commandShapes.findIndex((shape) => shape.name === name);
    if (code !== expected) return `${name} has code ${code} in the addon, expected ${expected}`;
  }
  return undefined;
}

function differenceOfOp(op: NativeOp, expected: readonly string[]): string | undefined {
  const shape = commandShapes.find(({ name }) => name === op.name);
  if (!shape) return `the addon has a kernel for ${op.name}, which this version does not know`;
  if (!expected.includes(op.name)) {
    return `the addon has a kernel for ${op.name}, which is not in the driver's list`;
  }
  if (op.tensors !== shape.tensors) {
    return `${op.name} takes ${op.tensors} tensors in the addon, expected ${shape.tensors}`;
  }
  if (op.numbers !== shape.numbers) {
    return `${op.name} takes ${op.numbers} numbers in the addon, expected ${shape.numbers}`;
  }
  if (op.signature !== shape.signature) {
    return `${op.name} takes (${op.signature}) in the addon, expected (${shape.signature})`;
  }
  return undefined;
}
