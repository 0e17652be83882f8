import { UnsupportedError } from "@ripvec/core";
import { bertNames, distilbertNames, type TensorNames } from "./names.js";

/** The differences between one `model_type` of config.json and the others. */
export interface Family {
  readonly modelType: string;
  /** The prefix of the names of tensors in a checkpoint that was saved with a task head. */
  readonly prefix: string;
  readonly names: TensorNames;
  readonly keys: ConfigKeys;
  /** Positions start after the row of padding, at pad_token_id + 1. The default is for an absent pad_token_id. */
  readonly positionsFollowPadding?: { readonly defaultPadTokenId: number };
  readonly hasTokenTypes: boolean;
  /**
   * With `use_task_id` a further table is added to every token. `fallback` is its number of rows if
   * the config gives none.
   */
  readonly taskTypes?: { readonly fallback: number };
  /** Embeddings may be narrower than the encoder (`embedding_size`); `embeddings_project` then widens them. */
  readonly embeddingSize?: { readonly fallback: number };
  /** The eps of every layer norm, where it is fixed and not a field of the config. */
  readonly fixedEps?: number;
}

/** The keys of config.json that differ between families. */
interface ConfigKeys {
  readonly hidden: string;
  readonly layers: string;
  readonly heads: string;
  readonly intermediate: string;
  readonly activation: string;
}

const bertKeys: ConfigKeys = {
  hidden: "hidden_size",
  layers: "num_hidden_layers",
  heads: "num_attention_heads",
  intermediate: "intermediate_size",
  activation: "hidden_act",
};

const distilbertKeys: ConfigKeys = {
  hidden: "dim",
  layers: "n_layers",
  heads: "n_heads",
  intermediate: "hidden_dim",
  activation: "activation",
};

const bert = { prefix: "bert.", names: bertNames, keys: bertKeys, hasTokenTypes: true };
const roberta = {
  ...bert,
  prefix: "roberta.",
  positionsFollowPadding: { defaultPadTokenId: 1 },
};

const families: readonly Family[] = [
  { ...bert, modelType: "bert" },
  { ...bert, modelType: "ernie", prefix: "ernie.", taskTypes: { fallback: 3 } },
  { ...roberta, modelType: "roberta" },
  { ...roberta, modelType: "xlm-roberta" },
  { ...roberta, modelType: "camembert" },
  { ...roberta, modelType: "data2vec-text", prefix: "data2vec_text." },
  { ...bert, modelType: "electra", prefix: "electra.", embeddingSize: { fallback: 128 } },
  {
    modelType: "distilbert",
    prefix: "distilbert.",
    names: distilbertNames,
    keys: distilbertKeys,
    hasTokenTypes: false,
    fixedEps: 1e-12,
  },
];

/** Models that are often mistaken for BERT, and how they differ from it. */
const lookalikes: ReadonlyMap<string, string> = new Map([
  ["mpnet", "relative position biases in attention"],
  ["deberta", "relative positions in attention"],
  ["deberta-v2", "relative positions in attention"],
  ["albert", "layers that share their weights"],
  ["modernbert", "rotary positions and gated layers"],
  ["nomic_bert", "rotary positions and gated layers"],
  ["new", "rotary positions and gated layers"],
  ["gte", "rotary positions and gated layers"],
  ["xlm-roberta-xl", "normalisation before each sublayer"],
  ["roberta-prelayernorm", "normalisation before each sublayer"],
  ["megatron-bert", "normalisation before each sublayer"],
  ["xmod", "adapters for each language"],
  ["mobilebert", "bottlenecks in each layer"],
  ["squeezebert", "grouped convolutions"],
  ["convbert", "convolutions in attention"],
  ["roformer", "rotary positions"],
  ["big_bird", "sparse attention"],
  ["longformer", "sparse attention"],
  ["t5", "relative positions in attention"],
  ["mt5", "relative positions in attention"],
  ...["gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3_text"].map(
    (decoder) => [decoder, "attention to earlier tokens alone"] as const,
  ),
  ["model2vec", "a table of token vectors and no encoder"],
]);

/** The family of a `model_type`. Throws UnsupportedError for one that is not in the table. */
export function familyOf(modelType: string): Family {
  const family = families.find((candidate) => candidate.modelType === modelType);
  if (family) return family;
  const why = lookalikes.get(modelType);
  throw new UnsupportedError({
    what: why ? `model_type (it has ${why})` : "model_type",
    value: modelType,
    supported: families.map((known) => known.modelType),
  });
}
