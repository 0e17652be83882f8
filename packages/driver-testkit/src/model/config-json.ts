import type { JsonObject } from "@ripvec/core/arch";
import { embeddingWidth, positionRows, tokenTypes } from "./family-tensors.js";
import type { ModelFamily, ModelSpec } from "./spec.js";

const architectures: Record<ModelFamily, { bare: string; withHead: string }> = {
  bert: { bare: "BertModel", withHead: "BertForMaskedLM" },
  roberta: { bare: "RobertaModel", withHead: "RobertaForMaskedLM" },
  distilbert: { bare: "DistilBertModel", withHead: "DistilBertForMaskedLM" },
  electra: { bare: "ElectraModel", withHead: "ElectraForPreTraining" },
};

/** The content of config.json, with the keys that checkpoints of the family have. */
export function configJson(spec: ModelSpec): JsonObject {
  const { bare, withHead } = architectures[spec.family];
  const common = {
    architectures: [spec.prefix ? withHead : bare],
    model_type: spec.modelType ?? spec.family,
    vocab_size: spec.vocabSize,
    max_position_embeddings: positionRows(spec),
    initializer_range: 0.02,
    pad_token_id: spec.family === "roberta" ? 1 : 0,
    torch_dtype: { f32: "float32", f16: "float16", bf16: "bfloat16" }[spec.dtype ?? "f32"],
  };
  return spec.family === "distilbert"
    ? { ...common, ...distilbertKeys(spec) }
    : { ...common, ...bertKeys(spec) };
}

function bertKeys(spec: ModelSpec): JsonObject {
  return {
    hidden_size: spec.hidden,
    num_hidden_layers: spec.layers,
    num_attention_heads: spec.heads,
    intermediate_size: spec.intermediate,
    hidden_act: spec.act ?? "gelu",
    hidden_dropout_prob: 0.1,
    attention_probs_dropout_prob: 0.1,
    layer_norm_eps: spec.eps ?? (spec.family === "roberta" ? 1e-5 : 1e-12),
    position_embedding_type: "absolute",
    type_vocab_size: tokenTypes(spec),
    ...(spec.family === "electra" && { embedding_size: embeddingWidth(spec) }),
    ...(spec.family === "roberta" && { bos_token_id: 0, eos_token_id: 2 }),
  };
}

function distilbertKeys(spec: ModelSpec): JsonObject {
  return {
    dim: spec.hidden,
    n_layers: spec.layers,
    n_heads: spec.heads,
    hidden_dim: spec.intermediate,
    activation: spec.act ?? "gelu",
    dropout: 0.1,
    attention_dropout: 0.1,
    sinusoidal_pos_embds: false,
    tie_weights_: true,
    ...(spec.eps !== undefined && { layer_norm_eps: spec.eps }),
  };
}
