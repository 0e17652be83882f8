import type { Encoding } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import type { Tensors } from "../../../arch-kit/test/support/checkpoint.js";
import {
  add,
  at,
  attend,
  dot,
  geluForms,
  type Rows,
  rowsOf,
  vectorOf,
} from "../../../arch-kit/test/support/reference.js";

export interface ReferenceOptions {
  readonly gelu?: keyof typeof geluForms;
  readonly eps?: number;
  /**
   * The row of the first position in the position table. If it is not 0, the id before it is the id
   * of padding.
   */
  readonly firstPosition?: number;
}

export interface ReferenceModel {
  readonly tensors: Tensors;
  readonly config: JsonObject;
}

/**
 * The hidden states of one text after the last layer, by the definition in Hugging Face's modeling
 * files.
 */
export function hiddenStates(
  { tensors, config }: ReferenceModel,
  encoding: Encoding,
  options: ReferenceOptions = {},
): Rows {
  const { gelu = "erf", eps = 1e-5, firstPosition = 0 } = options;
  const isDistil = config.model_type === "distilbert";
  const table = "embeddings.word_embeddings.weight";
  const prefix = [...tensors.keys()].find((name) => name.endsWith(table))?.replace(table, "") ?? "";
  const linear = (x: number[], name: string): number[] => {
    const bias = vectorOf(tensors, `${prefix}${name}.bias`);
    return rowsOf(tensors, `${prefix}${name}.weight`).map((row, i) => dot(row, x) + at(bias, i));
  };
  const norm = (x: number[], name: string): number[] => {
    const weight = vectorOf(tensors, `${prefix}${name}.weight`);
    const bias = vectorOf(tensors, `${prefix}${name}.bias`);
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
    return x.map((v, i) => ((v - mean) / Math.sqrt(variance + eps)) * at(weight, i) + at(bias, i));
  };

  const words = rowsOf(tensors, prefix + table);
  const positions = rowsOf(tensors, `${prefix}embeddings.position_embeddings.weight`);
  const types = isDistil ? [] : rowsOf(tensors, `${prefix}embeddings.token_type_embeddings.weight`);
  const places = placesOf(encoding, firstPosition);
  let hidden = Array.from(encoding.inputIds, (id, i) => {
    let sum = add(at(words, id), at(positions, at(places, i)));
    if (!isDistil) sum = add(sum, at(types, encoding.tokenTypeIds?.[i] ?? 0));
    return norm(sum, "embeddings.LayerNorm");
  });
  if (tensors.has(`${prefix}embeddings_project.weight`)) {
    hidden = hidden.map((x) => linear(x, "embeddings_project"));
  }
  const layers = Number(config.num_hidden_layers ?? config.n_layers);
  const heads = Number(config.num_attention_heads ?? config.n_heads);
  for (let i = 0; i < layers; i++) {
    const layer = isDistil ? `transformer.layer.${i}` : `encoder.layer.${i}`;
    const part = (bert: string, distil: string) => `${layer}.${isDistil ? distil : bert}`;
    const q = hidden.map((x) => linear(x, part("attention.self.query", "attention.q_lin")));
    const k = hidden.map((x) => linear(x, part("attention.self.key", "attention.k_lin")));
    const v = hidden.map((x) => linear(x, part("attention.self.value", "attention.v_lin")));
    const context = attend(q, k, v, heads);
    hidden = hidden.map((x, t) => {
      const out = linear(at(context, t), part("attention.output.dense", "attention.out_lin"));
      return norm(add(out, x), part("attention.output.LayerNorm", "sa_layer_norm"));
    });
    hidden = hidden.map((x) => {
      const inner = linear(x, part("intermediate.dense", "ffn.lin1")).map(geluForms[gelu]);
      const out = linear(inner, part("output.dense", "ffn.lin2"));
      return norm(add(out, x), part("output.LayerNorm", "output_layer_norm"));
    });
  }
  return hidden;
}

/** Padding inside a text has the row before the first position, and is not counted. */
function placesOf({ inputIds }: Encoding, firstPosition: number): number[] {
  const padId = firstPosition - 1;
  let place = firstPosition;
  return Array.from(inputIds, (id) => (id === padId ? padId : place++));
}
