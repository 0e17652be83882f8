import type { Encoding } from "./encoding.js";
import type { AbortSignalLike } from "./signal.js";

export interface EmbedOptions {
  /** Aborting rejects the call with the signal's reason, at the latest when the batch that runs is complete. */
  readonly signal?: AbortSignalLike | undefined;
}

/** Turns encodings into vectors. This is the interface that apps program against. */
export interface EmbedBackend {
  /** Names of driver and architecture, as "cpu/classic-bert". */
  readonly name: string;
  /** Length of a vector. */
  readonly dim: number;
  /** Largest number of tokens in one encoding. */
  readonly maxTokens: number;
  readonly isGpu: boolean;
  /** Number of batches in flight that keeps the device busy. */
  readonly maxInFlight: number;
  /** Largest number of encodings in one batch. */
  readonly maxBatch: number;
  /** Largest number of tokens in one batch. A longer encoding is a batch of its own. */
  readonly maxBatchTokens: number;
  /**
   * Resolves with one vector for each encoding, in the same order; each vector has its own memory. An encoding that the
   * model cannot take rejects with InputError or TooLongError, which state its index, before any pass runs.
   */
  embedBatch(encodings: readonly Encoding[], options?: EmbedOptions): Promise<Float32Array[]>;
  readonly supportsClone: boolean;
  /** An independent queue over the same weights. Throws UnsupportedError when `supportsClone` is false. */
  clone(): EmbedBackend;
  /** Vectors are comparable only if their backends have equal fingerprints. */
  fingerprint(): Promise<string>;
  /** Resolves when the batches in flight have run. Calls that wait reject with ClosedError. May be called again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
