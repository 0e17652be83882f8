import type { RawModel } from "../model-files.js";

/** Names of the tensors of one layer, without ".weight" and ".bias". */
interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

/** The differences between members of the family, as implemented in transformers. */
export interface BertFamily {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly eps: number;
  readonly activation: "erf" | "tanh";
  /** "arange" counts from 0; "after_pad" counts real tokens from padId + 1. */
  readonly positions: "arange" | "after_pad";
  readonly padId: number;
  /** Whether a row of token_type_embeddings is added. */
  readonly tokenTypes: boolean;
  /** Name of ELECTRA's projection after the embeddings, if it has one. */
  readonly projection: string | undefined;
  /** Prefix of the embeddings' names: "bert.". */
  readonly prefix: string;
  layer(index: number): LayerNames;
}

const prefixes = ["", "bert.", "roberta.", "distilbert.", "electra."];
const afterPadTypes = ["roberta", "xlm-roberta", "camembert"];

/**
 * Reads the family's properties from a config. Throws RangeError for properties that transformers'
 * classic BERTs do not have.
 */
export function bertFamily({ config, checkpoint }: RawModel): BertFamily {
  const type = String(config.model_type);
  if (!["bert", "electra", "distilbert", ...afterPadTypes].includes(type)) {
    throw new RangeError(`no graph for model_type ${type}`);
  }
  const distil = type === "distilbert";
  const prefix = prefixes.find((p) => checkpoint.has(`${p}embeddings.word_embeddings.weight`));
  if (prefix === undefined) throw new RangeError("the checkpoint has no word embeddings");
  const number = (key: string) => Number(config[key]);
  return {
    layers: number(distil ? "n_layers" : "num_hidden_layers"),
    hidden: number(distil ? "dim" : "hidden_size"),
    heads: number(distil ? "n_heads" : "num_attention_heads"),
    eps: distil ? 1e-12 : number("layer_norm_eps"),
    activation: activation(String(config[distil ? "activation" : "hidden_act"])),
    positions: afterPadTypes.includes(type) ? "after_pad" : "arange",
    padId: Number(config.pad_token_id ?? 0),
    tokenTypes: !distil,
    projection: checkpoint.has(`${prefix}embeddings_project.weight`)
      ? `${prefix}embeddings_project`
      : undefined,
    prefix,
    layer: distil ? distilLayer(prefix) : bertLayer(prefix),
  };
}

/** The names in transformers' ACT2FN. */
function activation(name: string): "erf" | "tanh" {
  if (name === "gelu") return "erf";
  if (["gelu_new", "gelu_pytorch_tanh", "gelu_fast"].includes(name)) return "tanh";
  throw new RangeError(`no graph for activation ${name}`);
}

function bertLayer(prefix: string): (index: number) => LayerNames {
  return (index) => {
    const layer = `${prefix}encoder.layer.${index}`;
    return {
      query: `${layer}.attention.self.query`,
      key: `${layer}.attention.self.key`,
      value: `${layer}.attention.self.value`,
      attentionOutput: `${layer}.attention.output.dense`,
      attentionNorm: `${layer}.attention.output.LayerNorm`,
      intermediate: `${layer}.intermediate.dense`,
      output: `${layer}.output.dense`,
      outputNorm: `${layer}.output.LayerNorm`,
    };
  };
}

function distilLayer(prefix: string): (index: number) => LayerNames {
  return (index) => {
    const layer = `${prefix}transformer.layer.${index}`;
    return {
      query: `${layer}.attention.q_lin`,
      key: `${layer}.attention.k_lin`,
      value: `${layer}.attention.v_lin`,
      attentionOutput: `${layer}.attention.out_lin`,
      attentionNorm: `${layer}.sa_layer_norm`,
      intermediate: `${layer}.ffn.lin1`,
      output: `${layer}.ffn.lin2`,
      outputNorm: `${layer}.output_layer_norm`,
    };
  };
}
