import {
  type Activation,
  type JsonFields,
  readActivation,
  type TransformerConfig,
} from "@ripvec/arch-kit";
import { UnsupportedError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { type Family, familyOf } from "./families.js";

/** The numbers of one encoder, the same for all families. */
export interface BertConfig extends TransformerConfig {
  readonly family: Family;
  readonly layers: number;
  readonly heads: number;
  readonly headDim: number;
  readonly intermediate: number;
  /** Width of the embedding tables; equal to `hidden` in all families except ELECTRA. */
  readonly embeddingSize: number;
  /** Rows of the checkpoint's position table. */
  readonly positionRows: number;
  /** Row of the first token's position. */
  readonly positionOffset: number;
  /** If it is set, tokens with this id have no position of their own and use row `padTokenId`. */
  readonly padTokenId: number | undefined;
  /** Rows of the task type table, of which the first is added to every token; 0 when the model has none. */
  readonly taskTypes: number;
  readonly activation: Activation;
  /** The eps of every layer norm. */
  readonly eps: number;
}

/** Reads config.json. Throws UnsupportedError for a model of another kind, and ModelFileError for impossible numbers. */
export function readConfig(json: JsonFields): BertConfig {
  const family = familyOf(json.text("model_type"));
  refuseVariants(json);
  const { keys } = family;
  const hidden = json.count(keys.hidden);
  const heads = json.count(keys.heads);
  if (hidden % heads !== 0) json.fail(keys.hidden, `a multiple of ${keys.heads} ${heads}`, hidden);
  const positionRows = json.count("max_position_embeddings");
  const padTokenId = readPadTokenId(json, family);
  const positionOffset = padTokenId === undefined ? 0 : padTokenId + 1;
  if (positionOffset >= positionRows) {
    json.fail("max_position_embeddings", `more than the offset ${positionOffset}`, positionRows);
  }
  return {
    family,
    hidden,
    layers: json.count(keys.layers),
    heads,
    headDim: hidden / heads,
    intermediate: json.count(keys.intermediate),
    vocabSize: json.count("vocab_size"),
    embeddingSize: family.embeddingSize
      ? json.count("embedding_size", family.embeddingSize.fallback)
      : hidden,
    positionRows,
    positionOffset,
    padTokenId,
    tokenTypes: family.hasTokenTypes ? json.count("type_vocab_size", 2) : 0,
    taskTypes: readTaskTypes(json, family),
    activation: readActivation(json, keys.activation, "gelu"),
    eps: family.fixedEps ?? json.positive("layer_norm_eps", 1e-12),
    maxPositions: positionRows - positionOffset,
  };
}

/** Refuses settings under which the same tensors would have to be computed in another way. */
function refuseVariants(json: JsonFields): void {
  json.oneOf("position_embedding_type", ["absolute"], "absolute");
  for (const key of ["is_decoder", "add_cross_attention"]) {
    if (json.flag(key, false)) refuse(key, true, ["false"]);
  }
  const code = (json.get("auto_map") as JsonObject | undefined)?.AutoModel;
  if (code !== undefined)
    refuse("auto_map.AutoModel (the model brings its own code)", code, ["none"]);
}

function readPadTokenId(json: JsonFields, { positionsFollowPadding }: Family): number | undefined {
  if (!positionsFollowPadding) return undefined;
  return json.index("pad_token_id", positionsFollowPadding.defaultPadTokenId);
}

function readTaskTypes(json: JsonFields, { taskTypes }: Family): number {
  if (!taskTypes || !json.flag("use_task_id", false)) return 0;
  return json.count("task_type_vocab_size", taskTypes.fallback);
}

function refuse(what: string, value: unknown, supported: readonly string[]): never {
  throw new UnsupportedError({ what, value, supported });
}
