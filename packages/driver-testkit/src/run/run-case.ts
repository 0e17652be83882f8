import type { ActivationDType, Driver, WeightDType } from "@ripvec/core";
import { type DType, type OpName, type Ops, type Tensor, weightView } from "@ripvec/core/driver";
import type { CaseTable, OpCase } from "../cases/case.js";
import { checkRegion, type LargestError } from "./check-region.js";
import { asConformanceError, expectThat } from "./conformance-error.js";
import { ExpiringArguments } from "./expiring-arguments.js";
import { bring, valuesOf } from "./host-values.js";
import { type PreparedCase, type PreparedTensor, prepareCase } from "./prepare-case.js";
import { allocRegion, planRegion, type Region, sliceOf } from "./region.js";
import { canBeWeight, type Variant, variantsOf } from "./variants.js";

/** Runs a case in every variant. Resolves with the largest error; rejects with ConformanceError. */
export async function runCase<K extends OpName>(
  driver: Driver,
  op: K,
  { tolerance }: CaseTable<K>,
  opCase: OpCase<K>,
  activations: ActivationDType,
  weights: WeightDType = "f32",
): Promise<LargestError> {
  const prepared = prepareCase(op, opCase, activations, weights);
  const what = weights === "f32" ? activations : `${activations}, ${weights} weights`;
  let largest: LargestError = { error: 0, partOfTolerance: 0 };
  for (const variant of variantsOf(prepared)) {
    const label = [`${op} (${what})`, opCase.name, variant.name].filter(Boolean).join(" / ");
    const region = planRegion(prepared, variant);
    const got = await runVariant(driver, prepared, variant, region, label);
    const found = checkRegion(region, got, opCase.tolerance ?? tolerance, label);
    largest = {
      error: Math.max(largest.error, found.error),
      partOfTolerance: Math.max(largest.partOfTolerance, found.partOfTolerance),
    };
  }
  return largest;
}

/** The dtypes that a driver must be able to store for this case, in addition to that of its activations. */
export function dtypesOf<K extends OpName>(op: K, opCase: OpCase<K>): DType[] {
  return prepareCase(op, opCase, "f32").tensors.map(({ dtype }) => dtype);
}

async function runVariant(
  driver: Driver,
  prepared: PreparedCase,
  variant: Variant,
  region: Region,
  label: string,
): Promise<Float64Array> {
  const weights = variant.weights ? makeWeights(driver, prepared) : new Map<string, Tensor>();
  const given = new ExpiringArguments();
  try {
    const host = await driver.run((ops) => record(ops, prepared, variant, region, weights, given), {
      poison: true,
    });
    expectNoLateReads(prepared.op, given, label);
    return valuesOf(region.dtype, host);
  } catch (error) {
    throw asConformanceError(label, error);
  } finally {
    for (const weight of weights.values()) driver.releaseTensor(weight);
  }
}

function expectNoLateReads(op: OpName, { lateReads }: ExpiringArguments, label: string): void {
  const names = [...lateReads].map((name) => `args.${name}`).join(", ");
  expectThat(lateReads.size === 0, () => {
    return `${label}: the kernel read ${names} after its call: copy what the object holds while ${op} is recorded, because the caller may change it afterwards`;
  });
}

function makeWeights(
  driver: Driver,
  { op, tensors, weights: dtype }: PreparedCase,
): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const tensor of tensors) {
    if (tensor.isOutput || !canBeWeight(tensor)) continue;
    const { kind } = tensor.rule;
    const role = kind === "matrix" || kind === "table" ? kind : "vector";
    const values = tensor.checkpoint ?? new Float32Array(tensor.host.data);
    const view = weightView(`${op}.${tensor.name}`, tensor.host.shape, values);
    weights.set(tensor.name, driver.createTensor(view, role, role === "vector" ? {} : { dtype }));
  }
  return weights;
}

function record(
  ops: Ops,
  { op, tensors, lengths, scalars }: PreparedCase,
  { inPlace }: Variant,
  region: Region,
  weights: ReadonlyMap<string, Tensor>,
  given: ExpiringArguments,
): Tensor {
  const memory = allocRegion(ops, region);
  const args: Record<string, unknown> = { ...scalars };
  for (const slot of region.outputs) args[slot.tensor.name] = sliceOf(ops, memory, slot);
  for (const tensor of tensors) {
    if (tensor.isOutput) continue;
    args[tensor.name] =
      tensor.name === inPlace?.input
        ? args[inPlace.output]
        : (weights.get(tensor.name) ?? bringInput(ops, tensor));
  }
  if (lengths) args.layout = ops.layout(lengths);
  const call = ops[op] as (args: unknown) => void;
  const passed = { ...args };
  call.call(ops, passed);
  given.expire(passed);
  for (const slot of region.inputs) {
    const x = args[slot.tensor.name] as Tensor;
    ops.copy({ x, out: sliceOf(ops, memory, slot) });
  }
  return memory;
}

function bringInput(ops: Ops, { dtype, host }: PreparedTensor): Tensor {
  return bring(ops, dtype, host.shape, host.data);
}
