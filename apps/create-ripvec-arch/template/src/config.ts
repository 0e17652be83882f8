import type { JsonFields, TransformerConfig } from "@ripvec/arch-kit";

/** The numbers of one encoder. */
export interface Config extends TransformerConfig {
  readonly layers: number;
  readonly heads: number;
  readonly headDim: number;
  /** Width of the gated layer. */
  readonly inner: number;
  /** The eps of every norm. */
  readonly eps: number;
  /** The base of the rotary positions. */
  readonly theta: number;
  /** In every second layer a token attends to tokens at a distance of at most half of this number. */
  readonly window: number;
}

/** The rotary tables have a row for each position, so their size must be limited. */
const mostPositions = 2 ** 20;

/** Reads config.json. A field under which the same tensors would give other vectors is read or refused. */
export function readConfig(json: JsonFields): Config {
  json.oneOf("model_type", ["my-arch"]);
  json.oneOf("hidden_activation", ["gelu"], "gelu");
  const hidden = json.count("hidden_size");
  const heads = json.count("num_attention_heads");
  if (hidden % (2 * heads) !== 0) {
    json.fail("hidden_size", `a multiple of 2 · num_attention_heads = ${2 * heads}`, hidden);
  }
  const maxPositions = json.count("max_position_embeddings");
  if (maxPositions > mostPositions) {
    json.fail("max_position_embeddings", `at most ${mostPositions}`, maxPositions);
  }
  const window = json.count("local_attention");
  if (window % 2 !== 0) json.fail("local_attention", "an even number", window);
  const rope = json.has("rope_parameters") ? json.fields("rope_parameters") : json;
  return {
    hidden,
    vocabSize: json.count("vocab_size"),
    tokenTypes: 0,
    maxPositions,
    layers: json.count("num_hidden_layers"),
    heads,
    headDim: hidden / heads,
    inner: json.count("intermediate_size"),
    eps: json.positive(json.firstOf("norm_eps", "layer_norm_eps"), 1e-5),
    theta: rope.positive("rope_theta", 10_000),
    window,
  };
}
