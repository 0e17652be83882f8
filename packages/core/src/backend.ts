import type { Encoding } from "./encoding.js";
import type { AbortSignalLike } from "./signal.js";

export interface EmbedOptions {
  /** Checked between batches: an aborted call rejects with the signal's reason within one batch. */
  readonly signal?: AbortSignalLike | undefined;
}

/** Encodings in, vectors out. What apps program against. */
export interface EmbedBackend {
  /** Driver and architecture: "cpu/classic-bert". */
  readonly name: string;
  /** Length of a vector. */
  readonly dim: number;
  readonly maxTokens: number;
  readonly isGpu: boolean;
  /** Batches worth having in flight. */
  readonly maxInFlight: number;
  /** Largest number of encodings in one batch. */
  readonly maxBatch: number;
  /** Largest number of tokens in one batch. A longer encoding is a batch of its own. */
  readonly maxBatchTokens: number;
  /**
   * One vector per encoding, in order; each has its own memory. Throws InputError with the index of
   * a bad encoding before any compute.
   */
  embedBatch(encodings: readonly Encoding[], options?: EmbedOptions): Promise<Float32Array[]>;
  readonly supportsClone: boolean;
  /** An independent queue over the same weights. Throws UnsupportedError when `supportsClone` is false. */
  clone(): EmbedBackend;
  /** Two vectors may be compared only under one fingerprint: weights, pooling, dtype, dimensions. */
  fingerprint(): Promise<string>;
  /** Calls in flight finish, waiting ones reject with ClosedError. A second call does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
