import type { ModelSpec } from "@ripvec/driver-testkit";

const small = {
  seed: 11,
  layers: 2,
  hidden: 48,
  heads: 4,
  intermediate: 96,
  vocabSize: 90,
  maxPositions: 40,
  pooling: "mean",
} as const;

/**
 * A small model of every member of the family, and for every config property that a graph depends
 * on.
 */
export const variants: readonly (readonly [name: string, spec: ModelSpec])[] = [
  ["BERT", { ...small, family: "bert" }],
  ["BERT below a task head", { ...small, family: "bert", prefix: true }],
  ["BERT, gelu_new, eps 1e-5", { ...small, family: "bert", act: "gelu_new", eps: 1e-5 }],
  ["BERT, gelu_pytorch_tanh", { ...small, family: "bert", act: "gelu_pytorch_tanh" }],
  ["BERT, gelu_fast", { ...small, family: "bert", act: "gelu_fast" }],
  ["BERT in f16", { ...small, family: "bert", dtype: "f16" }],
  ["BERT in bf16", { ...small, family: "bert", dtype: "bf16" }],
  ["RoBERTa", { ...small, family: "roberta" }],
  ["XLM-RoBERTa", { ...small, family: "roberta", modelType: "xlm-roberta", prefix: true }],
  ["CamemBERT", { ...small, family: "roberta", modelType: "camembert" }],
  ["DistilBERT", { ...small, family: "distilbert", prefix: true }],
  ["DistilBERT, with an eps that it ignores", { ...small, family: "distilbert", eps: 1e-3 }],
  ["ELECTRA", { ...small, family: "electra" }],
  ["ELECTRA, narrow tables", { ...small, family: "electra", embeddingSize: 24, prefix: true }],
];

/** The padding id of a family's random models. */
export function padIdOf({ family }: ModelSpec): number {
  return family === "roberta" ? 1 : 0;
}

/** Number of token types of a family's texts. */
export function tokenTypesOf({ family }: ModelSpec): 1 | 2 {
  return family === "bert" || family === "electra" ? 2 : 1;
}
