/** The names of a family's tensors, without the prefix and without `.weight` and `.bias`. */
export interface TensorNames {
  readonly words: string;
  readonly positions: string;
  readonly tokenTypes: string;
  readonly taskTypes: string;
  readonly embeddingNorm: string;
  readonly embeddingProjection: string;
  layer(index: number): LayerNames;
}

export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

const embeddings = {
  words: "embeddings.word_embeddings",
  positions: "embeddings.position_embeddings",
  tokenTypes: "embeddings.token_type_embeddings",
  taskTypes: "embeddings.task_type_embeddings",
  embeddingNorm: "embeddings.LayerNorm",
  embeddingProjection: "embeddings_project",
};

/** The names of all families except DistilBERT. */
export const bertNames: TensorNames = {
  ...embeddings,
  layer(index) {
    const layer = `encoder.layer.${index}`;
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
  },
};

export const distilbertNames: TensorNames = {
  ...embeddings,
  layer(index) {
    const layer = `transformer.layer.${index}`;
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
  },
};
