import type { ModelArch, ModelSource, Pooling } from "./arch.js";
import type { Driver } from "./driver.js";
import type { ActivationDType, WeightDType } from "./dtype.js";

export interface GenericBackendOptions {
  /** Belongs to the backend from this call on: `close` closes it, and so does a `create` that fails. */
  readonly driver: Driver;
  readonly arch: ModelArch;
  /**
   * Read while the backend is created, and by `fingerprint` if its weights are in files. It belongs to the caller.
   * Weights in memory are freed when the caller drops the model.
   */
  readonly model: ModelSource;
  /** Replaces the model's own pooling. */
  readonly pooling?: Pooling | undefined;
  /** Whether vectors are scaled to length 1. Default: as the model says. */
  readonly normalize?: boolean | undefined;
  /**
   * Dtype of the matrices and tables of the encoder, one of the driver's `weightDtypes`. f16 and bf16 halve their
   * memory; i8 quarters it and may compute with integers. Default: f32 for matrices, i8 for matrices of a checkpoint in
   * 8 bits, and the dtype of the checkpoint for tables, as far as the driver has these.
   */
  readonly dtype?: WeightDType | undefined;
  /**
   * Dtype of the activations of the encoder, one of the driver's `dtypes`. Default: f32. f16 halves the memory that a
   * pass reads and writes, and cannot hold values beyond 65,504; a text that needs one rejects with NotFiniteError.
   */
  readonly activations?: ActivationDType | undefined;
  /** Length of the vectors (Matryoshka): their first values are kept. Default: the model's `truncateDim`, else all. */
  readonly dimensions?: number | undefined;
  /**
   * Whether a shortened vector of a model that normalises is scaled to length 1 again. Default: true with `dimensions`
   * or `normalize: true`; false for the model's `truncateDim`, as in sentence-transformers.
   */
  readonly renormalize?: boolean | undefined;
  /** Largest number of tokens in one encoding, at most that of the model, which is the default. */
  readonly maxTokens?: number | undefined;
  /** Largest number of tokens in one batch. A longer encoding is a batch of its own. Default: what the driver prefers. */
  readonly maxBatchTokens?: number | undefined;
  /** Largest number of encodings in one batch. Default: 256. */
  readonly maxBatch?: number | undefined;
}
