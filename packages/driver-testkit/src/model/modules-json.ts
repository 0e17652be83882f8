import type { JsonObject, ModelModule, WeightSource } from "@ripvec/core/arch";
import type { ModelSpec } from "./spec.js";

const activations = {
  tanh: "torch.nn.modules.activation.Tanh",
  identity: "torch.nn.modules.linear.Identity",
} as const;

/** The entries of modules.json; `denseWeights` belongs to the Dense module. */
export function planModules(spec: ModelSpec, denseWeights?: WeightSource): ModelModule[] {
  const type = (name: string) => `sentence_transformers.models.${name}`;
  const modules: ModelModule[] = [
    { type: type("Transformer"), path: "", config: {} },
    { type: type("Pooling"), path: "1_Pooling", config: poolingConfig(spec) },
  ];
  if (spec.dense) {
    const { out, activation } = spec.dense;
    const config = {
      in_features: spec.hidden,
      out_features: out,
      bias: true,
      activation_function: activations[activation],
    };
    modules.push({ type: type("Dense"), path: "2_Dense", config, weights: denseWeights });
  }
  if (spec.normalize) {
    modules.push({ type: type("Normalize"), path: `${modules.length}_Normalize`, config: {} });
  }
  return modules;
}

/** modules.json */
export function modulesJson(modules: readonly ModelModule[]): JsonObject[] {
  return modules.map(({ type, path }, idx) => ({ idx, name: String(idx), path, type }));
}

function poolingConfig({ hidden, pooling = "mean" }: ModelSpec): JsonObject {
  return {
    word_embedding_dimension: hidden,
    pooling_mode_cls_token: pooling === "cls",
    pooling_mode_mean_tokens: pooling === "mean",
    pooling_mode_max_tokens: false,
    pooling_mode_mean_sqrt_len_tokens: false,
    pooling_mode_weightedmean_tokens: false,
    pooling_mode_lasttoken: pooling === "last",
    include_prompt: true,
  };
}
