import { opSpecs } from "@ripvec/core/driver";
import type { PreparedCase, PreparedTensor } from "./prepare-case.js";

/** One way to call an op with a case's arguments. */
export interface Variant {
  readonly name: string;
  /** Elements between outputs. With an odd number, outputs start at odd offsets. */
  readonly guard: number;
  /** Whether matrices, tables and f32 vectors are given as weights. */
  readonly weights?: boolean;
  /** The output that is written over the input. */
  readonly inPlace?: { readonly output: string; readonly input: string };
}

/** Kinds that may be weights as well as activations. */
const weightKinds: ReadonlySet<string> = new Set(["matrix", "table", "f32"]);

export function canBeWeight({ rule, host }: PreparedTensor): boolean {
  return weightKinds.has(rule.kind) && host.data.length > 0;
}

export function variantsOf(prepared: PreparedCase): Variant[] {
  const { op, tensors, scalars } = prepared;
  if (prepared.weights !== "f32") return [{ name: "", guard: 37, weights: true }];
  const variants: Variant[] = [{ name: "", guard: 64 }];
  const withWeights = tensors.some(canBeWeight) && scalars.transposeB !== false;
  variants.push(
    withWeights
      ? { name: "weights", guard: 37, weights: true }
      : { name: "at odd places", guard: 37 },
  );
  for (const input of opSpecs[op].inPlace ?? []) {
    if (!tensors.some(({ name }) => name === input)) continue;
    variants.push({ name: `out is ${input}`, guard: 37, inPlace: { output: "out", input } });
  }
  const hasSum = tensors.some(({ name, isOutput }) => name === "sum" && isOutput);
  for (const input of hasSum ? ["x", "residual"] : []) {
    variants.push({ name: `sum is ${input}`, guard: 37, inPlace: { output: "sum", input } });
  }
  return variants;
}
