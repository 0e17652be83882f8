import type { JsonObject, ModelModule } from "@ripvec/core/arch";
import { normals, type Tensors, weightSource } from "./checkpoint.js";

/** Width of token vectors in the models of these tests. */
export const hidden = 12;

const pooled = (mode: string): JsonObject => ({
  word_embedding_dimension: hidden,
  pooling_mode_cls_token: mode === "cls",
  pooling_mode_mean_tokens: mode === "mean",
  pooling_mode_max_tokens: mode === "max",
  pooling_mode_mean_sqrt_len_tokens: mode === "mean_sqrt_len",
  pooling_mode_weightedmean_tokens: mode === "weightedmean",
  pooling_mode_lasttoken: mode === "lasttoken",
});

export const transformerModule: ModelModule = {
  type: "sentence_transformers.models.Transformer",
  path: "",
  config: {},
};

export const normalizeModule: ModelModule = {
  type: "sentence_transformers.models.Normalize",
  path: "3_Normalize",
  config: {},
};

/** A mode by name, or the whole config except the width. */
export function poolingModule(config: string | JsonObject): ModelModule {
  return {
    type: "sentence_transformers.models.Pooling",
    path: "1_Pooling",
    config:
      typeof config === "string" ? pooled(config) : { embedding_dimension: hidden, ...config },
  };
}

export interface TinyDense {
  readonly module: ModelModule;
  readonly tensors: Tensors;
}

export function denseModule(
  inputs: number,
  outputs: number,
  config: JsonObject = {},
  seed = 99,
): TinyDense {
  const normal = normals(seed);
  const fill = (size: number, std: number) =>
    Float32Array.from({ length: size }, () => normal(std));
  const tensors: Tensors = new Map([
    ["linear.weight", { shape: [outputs, inputs], data: fill(outputs * inputs, 0.4) }],
  ]);
  if (config.bias !== false) {
    tensors.set("linear.bias", { shape: [outputs], data: fill(outputs, 0.2) });
  }
  const module: ModelModule = {
    type: "sentence_transformers.models.Dense",
    path: "2_Dense",
    config: {
      in_features: inputs,
      out_features: outputs,
      bias: true,
      activation_function: "torch.nn.modules.activation.Tanh",
      ...config,
    },
    weights: weightSource(tensors),
  };
  return { module, tensors };
}
