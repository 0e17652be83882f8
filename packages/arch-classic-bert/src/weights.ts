import { Checkpoint, type LayerNorm, type Linear, type Planned } from "@ripvec/arch-kit";
import type { WeightDType } from "@ripvec/core";
import type { Tensor, WeightSource } from "@ripvec/core/arch";
import type { BertConfig } from "./config.js";
import type { LayerNames } from "./names.js";

/** The tables whose rows are summed, and what follows the sum. */
export interface EmbeddingWeights {
  /** [vocabSize, embeddingSize] */
  readonly words: Tensor;
  /** [positions, embeddingSize]; row 0 is the first token's, or where `padTokenId` is set the padding's. */
  readonly positions: Tensor;
  /** [tokenTypes, embeddingSize] */
  readonly tokenTypes: Tensor | undefined;
  /** [taskTypes, embeddingSize]; row 0 is added to every token. */
  readonly taskTypes: Tensor | undefined;
  readonly norm: LayerNorm;
  /** [hidden, embeddingSize] */
  readonly projection: Linear | undefined;
}

export interface LayerWeights {
  /** [3 · hidden, hidden]: query, key, value. */
  readonly qkv: Linear;
  readonly attentionOutput: Linear;
  readonly attentionNorm: LayerNorm;
  /** [intermediate, hidden] */
  readonly intermediate: Linear;
  /** [hidden, intermediate] */
  readonly output: Linear;
  readonly outputNorm: LayerNorm;
}

export interface EncoderWeights {
  readonly embeddings: EmbeddingWeights;
  readonly layers: readonly LayerWeights[];
}

/**
 * Checks every tensor that the encoder needs; others, such as pooler and task heads, are left alone.
 * Its matrices and tables are kept in `dtype`.
 */
export function planEncoder(
  source: WeightSource,
  config: BertConfig,
  dtype?: WeightDType,
): Planned<EncoderWeights> {
  const { names, prefix } = config.family;
  const prefixed = source.has(`${prefix}${names.words}.weight`);
  const checkpoint = new Checkpoint(source, prefixed ? prefix : "", dtype);
  const embeddings = planEmbeddings(checkpoint, config);
  const layers = Array.from({ length: config.layers }, (_, index) =>
    planLayer(checkpoint, config, names.layer(index)),
  );
  return (driver) => ({
    embeddings: embeddings(driver),
    layers: layers.map((layer) => layer(driver)),
  });
}

function planEmbeddings(checkpoint: Checkpoint, config: BertConfig): Planned<EmbeddingWeights> {
  const { hidden, vocabSize, embeddingSize, positionRows, tokenTypes, taskTypes } = config;
  const { names } = config.family;
  const table = (name: string, rows: number, from = 0) =>
    checkpoint.table(name, rows, embeddingSize, from);
  const words = table(names.words, vocabSize);
  const positions = table(names.positions, positionRows, config.padTokenId);
  const types = tokenTypes > 0 ? table(names.tokenTypes, tokenTypes) : undefined;
  const tasks = taskTypes > 0 ? table(names.taskTypes, taskTypes) : undefined;
  const norm = checkpoint.layerNorm(names.embeddingNorm, embeddingSize);
  const projection =
    embeddingSize === hidden
      ? undefined
      : checkpoint.linear([names.embeddingProjection], hidden, embeddingSize);
  return (driver) => ({
    words: words(driver),
    positions: positions(driver),
    tokenTypes: types?.(driver),
    taskTypes: tasks?.(driver),
    norm: norm(driver),
    projection: projection?.(driver),
  });
}

function planLayer(
  checkpoint: Checkpoint,
  { hidden, intermediate: inner }: BertConfig,
  names: LayerNames,
): Planned<LayerWeights> {
  const qkv = checkpoint.linear([names.query, names.key, names.value], hidden, hidden);
  const attentionOutput = checkpoint.linear([names.attentionOutput], hidden, hidden);
  const attentionNorm = checkpoint.layerNorm(names.attentionNorm, hidden);
  const intermediate = checkpoint.linear([names.intermediate], inner, hidden);
  const output = checkpoint.linear([names.output], hidden, inner);
  const outputNorm = checkpoint.layerNorm(names.outputNorm, hidden);
  return (driver) => ({
    qkv: qkv(driver),
    attentionOutput: attentionOutput(driver),
    attentionNorm: attentionNorm(driver),
    intermediate: intermediate(driver),
    output: output(driver),
    outputNorm: outputNorm(driver),
  });
}
