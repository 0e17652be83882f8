import {
  type Checkpoint,
  type LayerNorm,
  type Linear,
  type Planned,
  planAll,
  planEach,
  planNothing,
} from "@ripvec/arch-kit";
import type { Tensor } from "@ripvec/core/arch";
import type { BertConfig } from "./config.js";
import type { LayerNames } from "./names.js";

/** The tables whose rows are summed, and what follows the sum. */
export interface EmbeddingWeights {
  /** [vocabSize, embeddingSize] */
  readonly words: Tensor;
  /** [positions, embeddingSize]; row 0 is the first token's, or that of padding where `padTokenId` is set. */
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

/** Checks every tensor that the encoder needs. Others, such as the pooler and task heads, are ignored. */
export function planEncoder(checkpoint: Checkpoint, config: BertConfig): Planned<EncoderWeights> {
  const { names, prefix } = config.family;
  const encoder = checkpoint.under([prefix, ""], `${names.words}.weight`);
  return planAll({
    embeddings: planEmbeddings(encoder, config),
    layers: planEach(
      Array.from({ length: config.layers }, (_, index) =>
        planLayer(encoder, config, names.layer(index)),
      ),
    ),
  });
}

function planEmbeddings(checkpoint: Checkpoint, config: BertConfig): Planned<EmbeddingWeights> {
  const { hidden, vocabSize, embeddingSize, positionRows, tokenTypes, taskTypes } = config;
  const { names } = config.family;
  const table = (name: string, rows: number, from = 0) =>
    checkpoint.table(name, rows, embeddingSize, from);
  return planAll<EmbeddingWeights>({
    words: table(names.words, vocabSize),
    positions: table(names.positions, positionRows, config.padTokenId),
    tokenTypes: tokenTypes > 0 ? table(names.tokenTypes, tokenTypes) : planNothing,
    taskTypes: taskTypes > 0 ? table(names.taskTypes, taskTypes) : planNothing,
    norm: checkpoint.layerNorm(names.embeddingNorm, embeddingSize),
    projection:
      embeddingSize === hidden
        ? planNothing
        : checkpoint.linear(names.embeddingProjection, hidden, embeddingSize),
  });
}

function planLayer(
  checkpoint: Checkpoint,
  { hidden, intermediate }: BertConfig,
  names: LayerNames,
): Planned<LayerWeights> {
  const qkv = [names.query, names.key, names.value].map((name) => ({ name, outputs: hidden }));
  return planAll<LayerWeights>({
    qkv: checkpoint.stackedLinear(qkv, hidden),
    attentionOutput: checkpoint.linear(names.attentionOutput, hidden, hidden),
    attentionNorm: checkpoint.layerNorm(names.attentionNorm, hidden),
    intermediate: checkpoint.linear(names.intermediate, intermediate, hidden),
    output: checkpoint.linear(names.output, hidden, intermediate),
    outputNorm: checkpoint.layerNorm(names.outputNorm, hidden),
  });
}
