import { type OpName, opNames } from "@ripvec/core/driver";
import type { NativeOp } from "./addon.js";
import { type CommandShape, commandShapes } from "./generated/encoders.js";

/**
 * What makes the commands of an addon others than those that this package writes for `kernels`: the first difference in
 * words, or undefined if there is none. `found` is what the addon says of its ops.
 */
export function differenceOfOps(
  found: readonly NativeOp[],
  kernels: readonly OpName[],
): string | undefined {
  const expected = commandShapes.filter(
    ({ name }) => !isOp(name) || kernels.includes(name as OpName),
  );
  const missing = expected.find(({ name }) => !found.some((op) => op.name === name));
  return differenceInEach(found, kernels) ?? (missing && `it has no kernel for ${missing.name}`);
}

const isOp = (name: string): boolean => (opNames as readonly string[]).includes(name);

function differenceInEach(
  found: readonly NativeOp[],
  kernels: readonly OpName[],
): string | undefined {
  for (const op of found) {
    const code = commandShapes.findIndex(({ name }) => name === op.name);
    const shape = commandShapes[code];
    if (!shape) return `it has a kernel for ${op.name}, which is no op of @ripvec/core`;
    if (isOp(op.name) && !kernels.includes(op.name as OpName)) {
      return `it has a kernel for ${op.name}, which the driver does not list`;
    }
    const difference = differenceOfOp(op, { code, ...shape });
    if (difference) return difference;
  }
  return undefined;
}

function differenceOfOp(
  op: NativeOp,
  expected: CommandShape & { readonly code: number },
): string | undefined {
  const facts = ["code", "tensors", "numbers"] as const;
  const fact = facts.find((each) => op[each] !== expected[each]);
  return fact && `${op.name} has ${fact} ${op[fact]} in it, expected ${expected[fact]}`;
}
