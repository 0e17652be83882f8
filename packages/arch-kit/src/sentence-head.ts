import { ModelFileError, type ModelSource } from "@ripvec/core";
import type {
  OpName,
  Ops,
  PackedBatch,
  SequenceLayout,
  Tensor,
  WeightSource,
} from "@ripvec/core/arch";
import { activate, fusedForm, opsOf } from "./activation.js";
import { Checkpoint, type LayerNorm, type Linear, type Planned } from "./checkpoint.js";
import type { DenseConfig } from "./dense-config.js";
import type { Step } from "./modules.js";
import { opsOfPooling, pool } from "./pool.js";
import type { PoolingConfig } from "./pooling-config.js";

/** Of PyTorch's LayerNorm, where nothing else is said. */
const layerNormEps = 1e-5;

interface DenseWeights extends DenseConfig {
  readonly linear: Linear;
  /** Of the input's projection, where it is added and the widths differ. */
  readonly residual: Linear | undefined;
}

/** A step with its weights on a driver. */
export type HeadStep =
  | ({ readonly kind: "pooling" } & PoolingConfig)
  | ({ readonly kind: "dense" } & DenseWeights)
  | { readonly kind: "layer_norm"; readonly norm: LayerNorm }
  | { readonly kind: "l2" };

/** The optional ops that the steps need. */
export function opsOfSteps(steps: readonly Step[]): readonly OpName[] {
  return steps.flatMap((step) => {
    if (step.kind === "pooling") return step.modes.flatMap(opsOfPooling);
    return step.kind === "dense" ? opsOf(step.activation) : [];
  });
}

/** Checks the weights of every step. */
export function planHead(steps: readonly Step[], model: ModelSource): Planned<readonly HeadStep[]> {
  const planned = steps.map((step) => planStep(step, model));
  return (driver) => planned.map((make) => make(driver));
}

function planStep(step: Step, model: ModelSource): Planned<HeadStep> {
  switch (step.kind) {
    case "pooling":
    case "l2":
      return () => step;
    case "layer_norm": {
      const norm = new Checkpoint(weightsOf(model, step.index)).layerNorm("norm", step.cols);
      return (driver) => ({ kind: "layer_norm", norm: norm(driver) });
    }
    case "dense":
      return planDense(step, weightsOf(model, step.index));
    default:
      return step satisfies never;
  }
}

function planDense(
  step: { readonly kind: "dense" } & DenseConfig,
  weights: WeightSource,
): Planned<HeadStep> {
  const { inputs, outputs, hasBias, hasResidual } = step;
  // A matrix in 8 bits would stay so by default, of which neither the option `dtype` nor the fingerprint says anything.
  const checkpoint = new Checkpoint(weights, "", "f32");
  const linear = checkpoint.linear(["linear"], outputs, inputs, hasBias);
  const residual =
    hasResidual && inputs !== outputs
      ? checkpoint.linear(["residual"], outputs, inputs, false)
      : undefined;
  return (driver) => ({ ...step, linear: linear(driver), residual: residual?.(driver) });
}

function weightsOf({ id, modules }: ModelSource, index: number): WeightSource {
  const module = modules?.[index];
  if (module?.weights) return module.weights;
  throw new ModelFileError("the module has no weights", { path: `${id}/${module?.path}` });
}

/** Records what follows the encoder: hidden [totalTokens, cols] in, [batch, dim] out. */
export function sentenceVectors(
  ops: Ops,
  steps: readonly HeadStep[],
  hidden: Tensor<"f32">,
  batch: PackedBatch,
  layout: SequenceLayout,
): Tensor<"f32"> {
  let rows = hidden;
  for (const step of steps) {
    rows = step.kind === "pooling" ? pool(ops, step, rows, batch, layout) : apply(ops, step, rows);
  }
  return rows;
}

function apply(
  ops: Ops,
  step: Exclude<HeadStep, { kind: "pooling" }>,
  x: Tensor<"f32">,
): Tensor<"f32"> {
  switch (step.kind) {
    case "dense":
      return dense(ops, step, x);
    case "layer_norm":
      ops.layer_norm({ x, ...step.norm, eps: layerNormEps, out: x });
      return x;
    case "l2":
      ops.l2_normalize({ x, out: x });
      return x;
    default:
      return step satisfies never;
  }
}

/** activation(x · weightᵀ + bias), plus x or its projection. */
function dense(
  ops: Ops,
  { linear, outputs, activation, hasResidual, residual }: DenseWeights,
  x: Tensor<"f32">,
): Tensor<"f32"> {
  const shape = [x.shape[0] ?? 0, outputs];
  const product = ops.alloc("f32", shape);
  ops.linear({ x, ...linear, activation: fusedForm(activation), out: product });
  const out = activate(ops, activation, product);
  if (!hasResidual) return out;
  const projected = residual ? ops.alloc("f32", shape) : x;
  if (residual) ops.linear({ x, ...residual, out: projected });
  ops.residual_add({ x: out, residual: projected, out });
  return out;
}
