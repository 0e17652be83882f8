import { ModelFileError, type ModelSource } from "@ripvec/core";
import type {
  OpName,
  Ops,
  PackedBatch,
  SequenceLayout,
  Tensor,
  WeightSource,
} from "@ripvec/core/arch";
import { opsOfActivation } from "./activation.js";
import { applyLinear } from "./apply-linear.js";
import { Checkpoint, type LayerNorm, type Linear } from "./checkpoint.js";
import type { DenseConfig } from "./dense-config.js";
import type { Step } from "./modules.js";
import { type Planned, planAll, planEach, planNothing } from "./planned.js";
import { opsOfPooling, pool } from "./pool.js";
import type { PoolingConfig } from "./pooling-config.js";

/** The default of PyTorch's LayerNorm; the module's config.json has no key for it. */
const layerNormEps = 1e-5;

interface DenseWeights extends DenseConfig {
  readonly linear: Linear;
  /** The projection of x, where x is added and the widths differ. */
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
    return step.kind === "dense" ? opsOfActivation(step.activation) : [];
  });
}

/** Checks the weights of every step. Throws ModelFileError. */
export function planHead(steps: readonly Step[], model: ModelSource): Planned<readonly HeadStep[]> {
  return planEach(steps.map((step) => planStep(step, model)));
}

function planStep(step: Step, model: ModelSource): Planned<HeadStep> {
  switch (step.kind) {
    case "pooling":
    case "l2":
      return () => step;
    case "layer_norm": {
      const norm = new Checkpoint(weightsOf(model, step.index)).layerNorm("norm", step.cols);
      return (driver) => ({ kind: step.kind, norm: norm(driver) });
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
  // Without a dtype, a matrix of i8 would be kept in i8, which neither the option `dtype` nor the fingerprint covers.
  const checkpoint = new Checkpoint(weights, "f32");
  const planned = planAll({
    linear: checkpoint.linear("linear", outputs, inputs, { hasBias }),
    residual:
      hasResidual && inputs !== outputs
        ? checkpoint.linear("residual", outputs, inputs, { hasBias: false })
        : planNothing,
  });
  return (driver) => ({ ...step, ...planned(driver) });
}

function weightsOf({ id, modules }: ModelSource, index: number): WeightSource {
  const module = modules?.[index];
  if (module?.weights) return module.weights;
  throw new ModelFileError("the module has no weights", { path: `${id}/${module?.path}` });
}

/** Records the modules after the transformer: token vectors [totalTokens, cols] in, text vectors [batch, dim] out. */
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

/** activation(x · weightᵀ + bias), plus x or a projection of x. */
function dense(
  ops: Ops,
  { linear, outputs, activation, hasResidual, residual }: DenseWeights,
  x: Tensor<"f32">,
): Tensor<"f32"> {
  const shape = [x.shape[0] ?? 0, outputs];
  const out = applyLinear(ops, linear, x, ops.alloc("f32", shape), activation);
  if (!hasResidual) return out;
  const projected = residual ? applyLinear(ops, residual, x, ops.alloc("f32", shape)) : x;
  ops.residual_add({ x: out, residual: projected, out });
  return out;
}
