import type { Encoding } from "@ripvec/core";
import type { PlainModel } from "@ripvec/driver-testkit";
import {
  add,
  at,
  attend,
  geluForms,
  multiply,
  type Rows,
  type Vector,
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

const prefixes = ["", "bert.", "roberta.", "camembert.", "electra.", "distilbert."];

/**
 * The hidden states of one text after the last layer, by the definition in Hugging Face's modeling
 * files.
 */
export function hiddenStates(
  model: PlainModel,
  encoding: Encoding,
  options: ReferenceOptions = {},
): Rows {
  const { gelu = "erf", eps = 1e-5, firstPosition = 0 } = options;
  const { config } = model;
  const isDistil = config.model_type === "distilbert";
  const table = "embeddings.word_embeddings.weight";
  const prefix = prefixes.find((each) => model.has(each + table)) ?? "";
  const linear = (x: Vector, name: string): Vector =>
    add(
      multiply(model.matrix(`${prefix}${name}.weight`), x),
      model.vector(`${prefix}${name}.bias`),
    );
  const norm = (x: Vector, name: string): Vector => {
    const weight = model.vector(`${prefix}${name}.weight`);
    const bias = model.vector(`${prefix}${name}.bias`);
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
    return x.map((v, i) => ((v - mean) / Math.sqrt(variance + eps)) * at(weight, i) + at(bias, i));
  };

  const words = model.matrix(prefix + table);
  const positions = model.matrix(`${prefix}embeddings.position_embeddings.weight`);
  const types = isDistil ? [] : model.matrix(`${prefix}embeddings.token_type_embeddings.weight`);
  const places = placesOf(encoding, firstPosition);
  let hidden: Rows = Array.from(encoding.inputIds, (id, i) => {
    let sum = add(at(words, id), at(positions, at(places, i)));
    if (!isDistil) sum = add(sum, at(types, encoding.tokenTypeIds?.[i] ?? 0));
    return norm(sum, "embeddings.LayerNorm");
  });
  if (model.has(`${prefix}embeddings_project.weight`)) {
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

/** How the model of a config is computed, by the same modeling files. */
export function computedAs({ config }: PlainModel): ReferenceOptions {
  const { model_type, hidden_act, layer_norm_eps, pad_token_id } = config;
  const isRoberta = ["roberta", "xlm-roberta", "camembert"].includes(String(model_type));
  return {
    gelu: hidden_act === "gelu_new" ? "tanh" : "erf",
    eps: model_type === "distilbert" ? 1e-12 : Number(layer_norm_eps ?? 1e-12),
    firstPosition: isRoberta ? Number(pad_token_id) + 1 : 0,
  };
}
