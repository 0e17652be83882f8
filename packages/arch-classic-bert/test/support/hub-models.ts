import type { JsonObject } from "@ripvec/core/arch";
import type { ReferenceOptions } from "./reference.js";
import type { TinySpec } from "./tiny-model.js";

/**
 * The config of a model on the Hugging Face hub, and how its authors compute it. The keys that give
 * a size are left out, because the tiny model has its own sizes.
 */
export interface HubModel {
  readonly id: string;
  readonly config: JsonObject;
  /** 1_Pooling/config.json without its width. If it is absent, the model has no modules.json. */
  readonly pooling?: JsonObject;
  readonly dense?: boolean;
  readonly normalize?: boolean;
  readonly sentenceConfig?: JsonObject;
  /** The properties of its tensors: prefix, token types, narrow embeddings. */
  readonly tensors?: Omit<TinySpec, "family" | "config">;
  readonly oldNormNames?: boolean;
  readonly computed: ReferenceOptions & { readonly pooling: "cls" | "mean" };
}

const bertConfig: JsonObject = {
  architectures: ["BertModel"],
  attention_probs_dropout_prob: 0.1,
  classifier_dropout: null,
  hidden_act: "gelu",
  hidden_dropout_prob: 0.1,
  initializer_range: 0.02,
  layer_norm_eps: 1e-12,
  model_type: "bert",
  pad_token_id: 0,
  position_embedding_type: "absolute",
  torch_dtype: "float32",
  transformers_version: "4.30.0",
  type_vocab_size: 2,
  use_cache: true,
};

const robertaConfig: JsonObject = {
  ...bertConfig,
  bos_token_id: 0,
  eos_token_id: 2,
  layer_norm_eps: 1e-5,
  pad_token_id: 1,
  type_vocab_size: 1,
};

const oldPooling = (mode: "cls" | "mean"): JsonObject => ({
  pooling_mode_cls_token: mode === "cls",
  pooling_mode_mean_tokens: mode === "mean",
  pooling_mode_max_tokens: false,
  pooling_mode_mean_sqrt_len_tokens: false,
});

const newerPooling = (mode: "cls" | "mean"): JsonObject => ({
  ...oldPooling(mode),
  pooling_mode_weightedmean_tokens: false,
  pooling_mode_lasttoken: false,
  include_prompt: true,
});

const limit = (max_seq_length: number | null, do_lower_case = false): JsonObject => ({
  max_seq_length,
  do_lower_case,
});

const bert = { eps: 1e-12 } as const;
const roberta = { eps: 1e-5, firstPosition: 2 } as const;

export const hubModels: readonly HubModel[] = [
  {
    id: "BAAI/bge-small-en-v1.5",
    config: { ...bertConfig, id2label: { "0": "LABEL_0" }, label2id: { LABEL_0: 0 } },
    pooling: oldPooling("cls"),
    normalize: true,
    sentenceConfig: limit(512, true),
    computed: { ...bert, pooling: "cls" },
  },
  {
    id: "sentence-transformers/all-MiniLM-L6-v2",
    config: { ...bertConfig, classifier_dropout: undefined, gradient_checkpointing: false },
    pooling: oldPooling("mean"),
    normalize: true,
    sentenceConfig: limit(256),
    computed: { ...bert, pooling: "mean" },
  },
  {
    id: "intfloat/e5-small-v2",
    config: bertConfig,
    pooling: oldPooling("mean"),
    normalize: true,
    sentenceConfig: limit(512),
    computed: { ...bert, pooling: "mean" },
  },
  {
    id: "thenlper/gte-small",
    config: { ...bertConfig, torch_dtype: "float16" },
    pooling: oldPooling("mean"),
    normalize: true,
    sentenceConfig: limit(512),
    computed: { ...bert, pooling: "mean" },
  },
  {
    id: "Snowflake/snowflake-arctic-embed-s",
    config: bertConfig,
    pooling: newerPooling("cls"),
    normalize: true,
    sentenceConfig: limit(512),
    computed: { ...bert, pooling: "cls" },
  },
  {
    id: "mixedbread-ai/mxbai-embed-large-v1",
    config: { ...bertConfig, gradient_checkpointing: false, use_cache: false },
    pooling: newerPooling("cls"),
    sentenceConfig: limit(512),
    computed: { ...bert, pooling: "cls" },
  },
  {
    id: "sentence-transformers/LaBSE",
    config: {
      ...bertConfig,
      directionality: "bidi",
      pooler_fc_size: 768,
      pooler_num_attention_heads: 12,
      pooler_type: "first_token_transform",
    },
    pooling: oldPooling("cls"),
    dense: true,
    normalize: true,
    sentenceConfig: limit(256),
    computed: { ...bert, pooling: "cls" },
  },
  {
    id: "google-bert/bert-base-uncased",
    config: {
      ...bertConfig,
      architectures: ["BertForMaskedLM"],
      position_embedding_type: undefined,
      classifier_dropout: undefined,
    },
    tensors: { prefix: "bert." },
    oldNormNames: true,
    computed: { ...bert, pooling: "mean" },
  },
  {
    id: "sentence-transformers/all-distilroberta-v1",
    config: { ...robertaConfig, architectures: ["RobertaForMaskedLM"], model_type: "roberta" },
    pooling: oldPooling("mean"),
    normalize: true,
    sentenceConfig: limit(512),
    tensors: { tokenTypes: 1 },
    computed: { ...roberta, pooling: "mean" },
  },
  {
    id: "intfloat/multilingual-e5-small",
    config: { ...bertConfig, tokenizer_class: "XLMRobertaTokenizer" },
    pooling: oldPooling("mean"),
    normalize: true,
    sentenceConfig: limit(512),
    computed: { ...bert, pooling: "mean" },
  },
  {
    id: "intfloat/multilingual-e5-base",
    config: {
      ...robertaConfig,
      architectures: ["XLMRobertaModel"],
      model_type: "xlm-roberta",
      output_past: true,
    },
    pooling: oldPooling("mean"),
    normalize: true,
    sentenceConfig: limit(512),
    tensors: { tokenTypes: 1 },
    computed: { ...roberta, pooling: "mean" },
  },
  {
    id: "BAAI/bge-m3",
    config: { ...robertaConfig, model_type: "xlm-roberta", output_past: true },
    pooling: oldPooling("cls"),
    normalize: true,
    sentenceConfig: limit(8192),
    tensors: { tokenTypes: 1, prefix: "roberta." },
    computed: { ...roberta, pooling: "cls" },
  },
  {
    id: "dangvantuan/sentence-camembert-base",
    config: {
      ...robertaConfig,
      architectures: ["CamembertModel"],
      bos_token_id: 5,
      eos_token_id: 6,
      model_type: "camembert",
      output_past: true,
    },
    pooling: oldPooling("mean"),
    sentenceConfig: limit(null),
    tensors: { tokenTypes: 1 },
    computed: { ...roberta, pooling: "mean" },
  },
  {
    id: "sentence-transformers/distiluse-base-multilingual-cased-v2",
    config: {
      activation: "gelu",
      architectures: ["DistilBertModel"],
      attention_dropout: 0.1,
      dropout: 0.1,
      initializer_range: 0.02,
      model_type: "distilbert",
      output_hidden_states: true,
      output_past: true,
      pad_token_id: 0,
      qa_dropout: 0.1,
      seq_classif_dropout: 0.2,
      sinusoidal_pos_embds: false,
      tie_weights_: true,
    },
    pooling: oldPooling("mean"),
    dense: true,
    sentenceConfig: limit(128),
    computed: { ...bert, pooling: "mean" },
  },
  {
    id: "google/electra-small-discriminator",
    config: {
      ...bertConfig,
      architectures: ["ElectraForPreTraining"],
      model_type: "electra",
      summary_activation: "gelu",
      summary_last_dropout: 0.1,
      summary_type: "first",
      summary_use_proj: true,
    },
    tensors: { prefix: "electra.", embeddingSize: 7 },
    computed: { ...bert, pooling: "mean" },
  },
];
