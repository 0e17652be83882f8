import type { ModelSource } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { normals, type Tensors, weightSource } from "../../../arch-kit/test/support/checkpoint.js";
import { hidden } from "../../../arch-kit/test/support/modules.js";
import { vocabSize } from "../../../arch-kit/test/support/run.js";

export type TestFamily =
  | "bert"
  | "roberta"
  | "xlm-roberta"
  | "camembert"
  | "electra"
  | "distilbert";

export interface TinySpec {
  readonly family: TestFamily;
  readonly seed?: number;
  readonly layers?: number;
  readonly prefix?: string;
  readonly tokenTypes?: number;
  /** ELECTRA only. Default: the width of the encoder. */
  readonly embeddingSize?: number;
  /** Fields that replace those of the config that fits the tensors. */
  readonly config?: JsonObject;
}

export interface TinyModel {
  readonly source: ModelSource;
  readonly tensors: Tensors;
  readonly config: JsonObject;
}

/** Texts with at most this number of tokens fit every family. */
export const positions = 20;
const heads = 3;
const intermediate = 20;

/**
 * A random model whose attention is peaky, so that a wrong key, mask or position has a visible
 * effect.
 */
export function tinyModel(spec: TinySpec): TinyModel {
  const { family, layers = 2, prefix = "", tokenTypes = 2 } = spec;
  const isRoberta = ["roberta", "xlm-roberta", "camembert"].includes(family);
  const width = spec.embeddingSize ?? hidden;
  const rows = isRoberta ? positions + 2 : positions;
  const tensors: Tensors = new Map();
  const normal = normals(spec.seed ?? 7);
  const put = (name: string, std: number, shape: readonly number[], around = 0) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const data = Float32Array.from({ length: size }, () => around + normal(std));
    tensors.set(prefix + name, { shape, data });
  };
  const linear = (name: string, outputs: number, inputs: number, std = 0.35) => {
    put(`${name}.weight`, std, [outputs, inputs]);
    put(`${name}.bias`, 0.1, [outputs]);
  };
  const norm = (name: string, size: number) => {
    put(`${name}.weight`, 0.1, [size], 1);
    put(`${name}.bias`, 0.1, [size]);
  };

  put("embeddings.word_embeddings.weight", 0.6, [vocabSize, width]);
  put("embeddings.position_embeddings.weight", 0.6, [rows, width]);
  if (family !== "distilbert") {
    put("embeddings.token_type_embeddings.weight", 0.6, [tokenTypes, width]);
  }
  norm("embeddings.LayerNorm", width);
  if (width !== hidden) linear("embeddings_project", hidden, width);
  for (let i = 0; i < layers; i++) {
    if (family === "distilbert") {
      const layer = `transformer.layer.${i}`;
      linear(`${layer}.attention.q_lin`, hidden, hidden, 0.6);
      linear(`${layer}.attention.k_lin`, hidden, hidden, 0.6);
      linear(`${layer}.attention.v_lin`, hidden, hidden);
      linear(`${layer}.attention.out_lin`, hidden, hidden);
      norm(`${layer}.sa_layer_norm`, hidden);
      linear(`${layer}.ffn.lin1`, intermediate, hidden);
      linear(`${layer}.ffn.lin2`, hidden, intermediate);
      norm(`${layer}.output_layer_norm`, hidden);
    } else {
      const layer = `encoder.layer.${i}`;
      linear(`${layer}.attention.self.query`, hidden, hidden, 0.6);
      linear(`${layer}.attention.self.key`, hidden, hidden, 0.6);
      linear(`${layer}.attention.self.value`, hidden, hidden);
      linear(`${layer}.attention.output.dense`, hidden, hidden);
      norm(`${layer}.attention.output.LayerNorm`, hidden);
      linear(`${layer}.intermediate.dense`, intermediate, hidden);
      linear(`${layer}.output.dense`, hidden, intermediate);
      norm(`${layer}.output.LayerNorm`, hidden);
    }
  }
  const geometry =
    family === "distilbert"
      ? {
          dim: hidden,
          n_layers: layers,
          n_heads: heads,
          hidden_dim: intermediate,
          activation: "gelu",
        }
      : {
          hidden_size: hidden,
          num_hidden_layers: layers,
          num_attention_heads: heads,
          intermediate_size: intermediate,
          hidden_act: "gelu",
          type_vocab_size: tokenTypes,
          layer_norm_eps: 1e-5,
        };
  const config: JsonObject = {
    model_type: family,
    vocab_size: vocabSize,
    max_position_embeddings: rows,
    pad_token_id: isRoberta ? 1 : 0,
    ...geometry,
    ...(family === "electra" && { embedding_size: width }),
    ...spec.config,
  };
  return { source: { id: "tiny", config, weights: weightSource(tensors) }, tensors, config };
}
