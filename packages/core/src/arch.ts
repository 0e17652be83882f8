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
  /** Its config.json; empty when the folder has none. */
  readonly config: JsonObject;
  /** Its own weights; absent when it has none. A Dense module has weights. */
  readonly weights?: WeightSource | undefined;
}

/** A model as its files describe it, before any driver has seen it. */
export interface ModelSource {
  /** The directory or id that it was opened from, for messages. */
  readonly id: string;
  /** config.json */
  readonly config: JsonObject;
  readonly weights: WeightSource;
  /** The entries of modules.json in their order; absent when the model has no such file. */
  readonly modules?: readonly ModelModule[] | undefined;
  /** sentence_bert_config.json, such as max_seq_length; empty when the model has no such file. */
  readonly sentenceConfig?: JsonObject | undefined;
  /**
   * `truncate_dim` of config_sentence_transformers.json: how many leading values of each vector are kept. They are not
   * scaled. Absent: all values.
   */
  readonly truncateDim?: number | undefined;
  readonly tokenizer?: Tokenizer | undefined;
}

/** A model without weights and tokenizer: what is known before anything large is downloaded. */
export type ModelDescription = Pick<
  ModelSource,
  "id" | "config" | "sentenceConfig" | "truncateDim"
> & {
  readonly modules?: readonly Omit<ModelModule, "weights">[] | undefined;
};

/**
 * How the vectors of a text's tokens become one vector. The names are those of sentence-transformers, except that
 * `last` is its `lasttoken`.
 */
export type Pooling = "cls" | "max" | "mean" | "mean_sqrt_len_tokens" | "weightedmean" | "last";

/** Options of an app that an architecture applies. An absent option leaves the model's own choice. */
export interface ArchOptions {
  readonly pooling?: Pooling | undefined;
  readonly normalize?: boolean | undefined;
  /**
   * Dtype of the matrices and tables of the encoder. Default: that of `TensorOptions`, which is f32 for matrices, i8 for
   * matrices of a checkpoint in 8 bits, and the dtype of the checkpoint for tables, as far as the driver has these.
   * Vectors, and the matrices of modules after the encoder, are always f32.
   */
  readonly dtype?: WeightDType | undefined;
  /** Dtype of the activations, one of `capabilities.dtypes`; default: f32. */
  readonly activations?: ActivationDType | undefined;
}

/** Options of an app that the sizes of a model limit. */
export interface SizeOptions {
  /** At most the length of the model's vectors. */
  readonly dimensions?: number | undefined;
  /** At most the largest number of tokens that the model takes. */
  readonly maxTokens?: number | undefined;
}

/** A model on a driver: its weights as tensors, and its forward pass. */
export interface LoadedModel {
  /** Length of an embedding. */
  readonly dim: number;
  /** Largest number of tokens in one text, special tokens included. */
  readonly maxTokens: number;
  readonly vocabSize: number;
  /** Number of token types; ids must be smaller. 0 or 1 when the model has no token types. */
  readonly tokenTypes: number;
  /** Whether `forward` returns vectors of length 1. */
  readonly normalized: boolean;
  /** Whether the tokens of a prompt are pooled; default: true. They take part in attention either way. */
  readonly poolsPrompt?: boolean | undefined;
  /** The kind of batch that `forward` takes. */
  readonly batchKind: Batch["kind"];
  /** Dtype of the activations; default: f32. */
  readonly activations?: ActivationDType | undefined;
  /** Dtype of the matrices of the encoder; default: f32. */
  readonly weightDtype?: WeightDType | undefined;
  /** For the fingerprint: all that shapes a vector except weights, dtypes and length, as "classic-bert/mean/l2". */
  readonly signature: string;
  /** Records the pass and returns [batch.size, dim] f32. Must not be async. */
  forward(ops: Ops, batch: Batch): Tensor<"f32">;
}

/** Builds the models of one family on any driver. */
export interface ModelArch {
  /** "classic-bert" */
  readonly name: string;
  /**
   * Throws what `load` would throw for this description, so that an unsupported model is refused before its weights
   * are downloaded. It may also refuse `SizeOptions` above the model's own sizes, with `checkSizes`. Absent: only `load`
   * decides.
   */
  check?(model: ModelDescription, options: ArchOptions & SizeOptions): void;
  /**
   * Reads the config and creates the weights on the driver. Throws UnsupportedError or ModelFileError before any pass
   * runs.
   */
  load(driver: Driver, model: ModelSource, options: ArchOptions): Promise<LoadedModel>;
}
