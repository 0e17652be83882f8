import {
  type Checkpoint,
  type LayerNorm,
  type Linear,
  type Planned,
  planAll,
  planEach,
  planVector,
} from "@ripvec/arch-kit";
import { type Tensor, weightView } from "@ripvec/core/arch";
import type { Config } from "./config.js";

export interface Weights {
  /** [vocabSize, hidden] */
  readonly words: Tensor;
  /** [maxPositions, headDim / 2], as `ropeSin` */
  readonly ropeCos: Tensor<"f32">;
  readonly ropeSin: Tensor<"f32">;
  readonly layers: readonly Layer[];
  readonly norm: LayerNorm;
}

export interface Layer {
  readonly attentionNorm: LayerNorm;
  /** Queries, keys and values one below the other: [3 · hidden, hidden] */
  readonly qkv: Linear;
  readonly attentionOutput: Linear;
  readonly innerNorm: LayerNorm;
  /** The part that is activated, and below it the part that it is multiplied with: [2 · inner, hidden] */
  readonly inner: Linear;
  readonly output: Linear;
}

const noBias = { hasBias: false };

/** The names and shapes of the tensors. They are checked here, and created when the plan gets a driver. */
export function planWeights(checkpoint: Checkpoint, config: Config): Planned<Weights> {
  const { hidden, layers, vocabSize } = config;
  const model = checkpoint.under(["model.", ""], "words.weight");
  return planAll({
    words: model.table("words", vocabSize, hidden),
    layers: planEach(
      Array.from({ length: layers }, (_, i) => planLayer(model, config, `layers.${i}`)),
    ),
    norm: model.layerNorm("norm", hidden, noBias),
    ropeCos: planRope(config, Math.cos),
    ropeSin: planRope(config, Math.sin),
  });
}

function planLayer(model: Checkpoint, { hidden, inner }: Config, name: string): Planned<Layer> {
  const parts = ["q", "k", "v"].map((part) => ({ name: `${name}.${part}`, outputs: hidden }));
  return planAll({
    attentionNorm: model.layerNorm(`${name}.norm1`, hidden, noBias),
    qkv: model.stackedLinear(parts, hidden, noBias),
    attentionOutput: model.linear(`${name}.o`, hidden, hidden, noBias),
    innerNorm: model.layerNorm(`${name}.norm2`, hidden, noBias),
    inner: model.linear(`${name}.up`, 2 * inner, hidden, noBias),
    output: model.linear(`${name}.down`, hidden, inner, noBias),
  });
}

/** wave(position · theta^(−2d / headDim)) for each position and each d below headDim / 2 */
function planRope(
  { headDim, maxPositions, theta }: Config,
  wave: (x: number) => number,
): Planned<Tensor<"f32">> {
  const half = headDim / 2;
  const angle = (i: number) => Math.floor(i / half) * theta ** (-(i % half) / half);
  const values = Float32Array.from({ length: maxPositions * half }, (_, i) => wave(angle(i)));
  return planVector(weightView("rope", [maxPositions, half], values));
}
