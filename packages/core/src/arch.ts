import type { Batch } from "./batch.js";
import type { Driver } from "./driver.js";
import type { ActivationDType, WeightDType } from "./dtype.js";
import type { Tokenizer } from "./encoding.js";
import type { Ops } from "./ops.js";
import type { Tensor } from "./tensor.js";
import type { WeightSource } from "./weights.js";

export type JsonObject = { readonly [key: string]: unknown };

/** One entry of modules.json (sentence-transformers) with the config.json of its folder. */
export interface ModelModule {
  /** As written in modules.json: "sentence_transformers.models.Pooling". */
  readonly type: string;
  /** Folder inside the model: "1_Pooling"; "" for the transformer itself. */
  readonly path: string;
  /** Its config.json; empty when there is none. */
  readonly config: JsonObject;
  /** Its own weights, where it has some (Dense). */
  readonly weights?: WeightSource | undefined;
}

/** A model as its files describe it, before any driver has seen it. */
export interface ModelSource {
  /** Directory or id it was opened from, for messages. */
  readonly id: string;
  /** config.json */
  readonly config: JsonObject;
  readonly weights: WeightSource;
  /** modules.json in order; absent when the model has none. */
  readonly modules?: readonly ModelModule[] | undefined;
  /** sentence_bert_config.json: max_seq_length and the like; empty when absent. */
  readonly sentenceConfig?: JsonObject | undefined;
  /**
   * `truncate_dim` of config_sentence_transformers.json: how many leading values of each vector are kept, without
   * scaling what is kept; absent: all.
   */
  readonly truncateDim?: number | undefined;
  readonly tokenizer?: Tokenizer | undefined;
}

/** A model but for its weights and its tokenizer: what can be read before anything large is downloaded. */
export type ModelDescription = Pick<
  ModelSource,
  "id" | "config" | "sentenceConfig" | "truncateDim"
> & {
  readonly modules?: readonly Omit<ModelModule, "weights">[] | undefined;
};

/** How the vectors of a text's tokens become one: the names of sentence-transformers, but for its `lasttoken`. */
export type Pooling = "cls" | "max" | "mean" | "mean_sqrt_len_tokens" | "weightedmean" | "last";

/** What an app may override. */
export interface ArchOptions {
  readonly pooling?: Pooling | undefined;
  readonly normalize?: boolean | undefined;
  /**
   * What the matrices and tables of the encoder are kept in. Default: as `TensorOptions` says. Matrices: f32, or i8
   * for a checkpoint in 8 bits; tables stay as stored; both where the driver has that dtype. Vectors, and the matrices
   * of modules after the encoder, are kept in f32.
   */
  readonly dtype?: WeightDType | undefined;
  /** What the activations are kept in, one of `capabilities.dtypes`; absent: f32. */
  readonly activations?: ActivationDType | undefined;
}

/** A model on a driver: weights as tensors, and the forward pass. */
export interface LoadedModel {
  /** Length of an embedding. */
  readonly dim: number;
  /** Most tokens in one text, special tokens included. */
  readonly maxTokens: number;
  readonly vocabSize: number;
  /** Token types known; ids must be below. 1 or 0 when the model has none. */
  readonly tokenTypes: number;
  /** Whether vectors leave with length 1. */
  readonly normalized: boolean;
  /** False: the tokens of an encoding's prompt take part in attention and are not pooled. Absent: they are. */
  readonly poolsPrompt?: boolean | undefined;
  /** The kind of batch that `forward` takes. */
  readonly batchKind: Batch["kind"];
  /** What the activations are kept in; absent: f32. */
  readonly activations?: ActivationDType | undefined;
  /** What the matrices are kept in, asked for or by default; absent: f32. */
  readonly weightDtype?: WeightDType | undefined;
  /** Everything besides weights, dtypes and length that shapes a vector, for the fingerprint: "classic-bert/mean/l2". */
  readonly signature: string;
  /** Records the pass; returns [batch.size, dim] f32. Never awaits. */
  forward(ops: Ops, batch: Batch): Tensor<"f32">;
}

/** Knows one family of models. Holds no hardware. */
export interface ModelArch {
  /** "classic-bert" */
  readonly name: string;
  /**
   * Throws what `load` would throw for this description, so that a model which cannot work is refused before
   * its weights are downloaded. Absent: the architecture decides in `load`.
   */
  check?(model: ModelDescription, options: ArchOptions): void;
  /** Reads the config and creates the weights on the driver. Throws UnsupportedError or ModelFileError before any compute. */
  load(driver: Driver, model: ModelSource, options: ArchOptions): Promise<LoadedModel>;
}
