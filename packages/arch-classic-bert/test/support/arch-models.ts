import type { JsonObject } from "@ripvec/core/arch";
import type { ArchModel, PlainModel, PlainText, Rows } from "@ripvec/driver-testkit";
import { vocabSize } from "../../../arch-kit/test/support/run.js";
import { computedAs, hiddenStates } from "./reference.js";
import { positions, type TinySpec, tinyModel } from "./tiny-model.js";

/** The definition of the family in f64. */
export const forward = (model: PlainModel, { ids, types }: PlainText): Rows =>
  hiddenStates(model, { inputIds: ids, tokenTypeIds: types }, computedAs(model));

/** A tiny model of any family, for testArch. */
export function archModel(
  name: string,
  spec: TinySpec,
  more: Partial<Pick<ArchModel, "maxTokens" | "variants" | "refused">> = {},
): ArchModel {
  const { config, tensors } = tinyModel(spec);
  const hasTypes = spec.family !== "distilbert";
  return {
    name,
    config,
    tensors: [...tensors].map(([tensor, { shape, data }]) => ({
      name: tensor,
      shape,
      values: new Float32Array(data),
    })),
    vocabSize,
    maxTokens: positions,
    tokenTypes: hasTypes ? (spec.tokenTypes ?? 2) : 1,
    ...more,
  };
}

const bertVariants: readonly JsonObject[] = [
  { hidden_act: "gelu_new" },
  { layer_norm_eps: 1e-2 },
  { layer_norm_eps: 1e-4 },
  { num_attention_heads: 2 },
  { num_hidden_layers: 1 },
];

const bertRefused: readonly JsonObject[] = [
  { position_embedding_type: "relative_key" },
  { hidden_act: "quick_gelu" },
  { is_decoder: true },
  { num_attention_heads: 5 },
];

const roberta = { tokenTypes: 1, prefix: "roberta." } as const;

export const archModels: readonly ArchModel[] = [
  archModel("bert", { family: "bert" }, { variants: bertVariants, refused: bertRefused }),
  archModel("bert with prefix", { family: "bert", prefix: "bert." }),
  archModel("bert, tanh GELU", { family: "bert", config: { hidden_act: "gelu_new" } }),
  archModel("bert, config without eps", { family: "bert", config: { layer_norm_eps: undefined } }),
  archModel("electra", { family: "electra" }),
  archModel("electra with projection", {
    family: "electra",
    embeddingSize: 7,
    prefix: "electra.",
  }),
  archModel(
    "roberta, one token type, positions from 2",
    { family: "roberta", ...roberta },
    { variants: [{ pad_token_id: 0 }] },
  ),
  ...(["xlm-roberta", "camembert"] as const).map((family) =>
    archModel(`${family}, one token type, positions from 2`, { family, ...roberta }),
  ),
  archModel(
    "roberta, pad_token_id 0",
    { family: "roberta", tokenTypes: 1, config: { pad_token_id: 0 } },
    { maxTokens: positions + 1 },
  ),
  archModel("distilbert", { family: "distilbert" }, { refused: [{ activation: "mish" }] }),
  archModel("distilbert ignores an eps in its config", {
    family: "distilbert",
    prefix: "distilbert.",
    config: { layer_norm_eps: 0.5 },
  }),
];
