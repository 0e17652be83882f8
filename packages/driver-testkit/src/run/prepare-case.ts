import type { ActivationDType, WeightDType } from "@ripvec/core";
import {
  cumulativeLengths,
  type DType,
  type OpName,
  opSpecs,
  type TensorKind,
  type TensorRule,
  weightView,
} from "@ripvec/core/driver";
import type { CaseTensor, OpCase } from "../cases/case.js";
import { references } from "../generated/references.js";
import { keptValues } from "../numbers/kept-weights.js";
import { Random } from "../numbers/random.js";
import { roundTo } from "../numbers/round-to.js";
import {
  type HostArgs,
  type HostLayout,
  type HostTensor,
  hostTensor,
  type Reference,
} from "../reference/host-args.js";
import { eightBitErrors, steepestGelu } from "./eight-bit-errors.js";

/** One tensor argument of a prepared case. */
export interface PreparedTensor {
  readonly name: string;
  readonly rule: TensorRule;
  readonly isOutput: boolean;
  readonly dtype: DType;
  /** The values of an input, which are exact in `dtype`, or the expected values of an output. */
  readonly host: HostTensor;
  /**
   * The values of the checkpoint, for a matrix or a table that is kept in another dtype than f32.
   */
  readonly checkpoint?: Float32Array;
  /**
   * The error that each element of the output of an 8-bit product may have in addition to the
   * tolerance.
   */
  readonly eightBitError?: Float64Array;
  /**
   * Whether every bit of an f32 output is determined, which holds for rows from a kept table. It
   * does not hold for sums with rows in i8, because a driver may round those once less.
   */
  readonly isExact?: boolean;
}

/** A case with its inputs drawn and its results computed in f64. */
export interface PreparedCase {
  readonly op: OpName;
  readonly activations: ActivationDType;
  /** The dtype that matrices and tables are kept in. */
  readonly weights: WeightDType;
  readonly tensors: readonly PreparedTensor[];
  /** The sequence lengths of an op with a layout. */
  readonly lengths: readonly number[] | undefined;
  /** All arguments that are neither tensors nor layouts. */
  readonly scalars: Readonly<Record<string, unknown>>;
}

const outputKinds: ReadonlySet<TensorKind> = new Set(["output", "f32Output", "anyOutput"]);

/**
 * Draws the inputs, rounds them to the dtype of the activations, and matrices and tables to `weights`, and computes
 * the reference from the rounded values. Matrices in i8 are not rounded; `eightBitError` holds the error that they may
 * cause.
 */
export function prepareCase<K extends OpName>(
  op: K,
  opCase: OpCase<K>,
  activations: ActivationDType,
  weights: WeightDType = "f32",
): PreparedCase {
  const args: Readonly<Record<string, unknown>> = opCase.args(new Random(`${op}/${opCase.name}`));
  const rules: Readonly<Record<string, TensorRule>> = opSpecs[op].tensors;
  const tensors: PreparedTensor[] = [];
  const scalars: Record<string, unknown> = {};
  let lengths: readonly number[] | undefined;
  for (const [name, value] of Object.entries(args)) {
    const rule = rules[name];
    if (value === undefined) continue;
    if (rule) tensors.push(prepareTensor(name, rule, value as CaseTensor, activations, weights));
    else if (name === "layout") lengths = value as readonly number[];
    else scalars[name] = value;
  }
  const hosts = tensors.map(({ name, host }) => [name, host]);
  const host: unknown = {
    ...scalars,
    ...Object.fromEntries(hosts),
    ...(lengths && { layout: hostLayout(lengths) }),
  };
  const reference = references[op] as Reference<K>;
  reference(host as HostArgs<K>);
  return {
    op,
    activations,
    weights,
    tensors: withBounds(op, tensors, weights, activations, scalars.activation),
    lengths,
    scalars,
  };
}

function prepareTensor(
  name: string,
  rule: TensorRule,
  { shape, values, dtype: given }: CaseTensor,
  activations: ActivationDType,
  weights: WeightDType,
): PreparedTensor {
  const isKept = (rule.kind === "matrix" || rule.kind === "table") && weights !== "f32";
  const dtype = given ?? (isKept ? "f32" : dtypeOf(rule.kind, activations));
  const isOutput = outputKinds.has(rule.kind);
  if (!isKept || !values) {
    const rounded = values && roundedTo(dtype, values);
    return { name, rule, isOutput, dtype, host: hostTensor(shape, rounded, dtype) };
  }
  const checkpoint = new Float32Array(values);
  const isRounded = weights !== "i8" || rule.kind === "table";
  const kept = isRounded ? keptValues(weightView(name, shape, checkpoint), weights) : checkpoint;
  return { name, rule, isOutput, dtype, host: hostTensor(shape, kept, dtype), checkpoint };
}

function roundedTo(dtype: DType, values: ArrayLike<number>): Float64Array {
  const rounded = new Float64Array(values);
  for (let i = 0; i < rounded.length; i++) rounded[i] = roundTo(dtype, rounded[i] as number);
  return rounded;
}

/** Adds `isExact` or `eightBitError` to the outputs of an op with a kept matrix or table. */
function withBounds(
  op: OpName,
  tensors: readonly PreparedTensor[],
  weights: WeightDType,
  activations: ActivationDType,
  activation: unknown,
): readonly PreparedTensor[] {
  const kept = tensors.find(({ checkpoint }) => checkpoint);
  const mayFuse = op === "add_embeddings" && weights === "i8";
  if (kept?.rule.kind === "table" && activations === "f32" && !mayFuse) {
    return tensors.map((tensor) => (tensor.isOutput ? { ...tensor, isExact: true } : tensor));
  }
  const isProduct = kept?.rule.kind === "matrix" && weights === "i8";
  return isProduct ? withEightBitError(tensors, kept.host, activation) : tensors;
}

/** Computes the bound from the product's first operand and its matrix. Such an op has one output. */
function withEightBitError(
  tensors: readonly PreparedTensor[],
  matrix: HostTensor,
  activation: unknown,
): readonly PreparedTensor[] {
  const left = tensors.find(({ isOutput }) => !isOutput)?.host;
  if (!left) return tensors;
  const bound = eightBitErrors(left, matrix, activation ? steepestGelu : 1);
  return tensors.map((tensor) => (tensor.isOutput ? { ...tensor, eightBitError: bound } : tensor));
}

function dtypeOf(kind: TensorKind, activations: ActivationDType): DType {
  switch (kind) {
    case "ids":
      return "i32";
    case "f32":
    case "f32Output":
      return "f32";
    default:
      return activations;
  }
}

function hostLayout(lengths: readonly number[]): HostLayout {
  const hostCuSeqlens = cumulativeLengths(lengths);
  return {
    batch: lengths.length,
    totalTokens: hostCuSeqlens[lengths.length] ?? 0,
    maxSeqLen: Math.max(0, ...lengths),
    seqLens: Int32Array.from(lengths),
    hostCuSeqlens,
  };
}
