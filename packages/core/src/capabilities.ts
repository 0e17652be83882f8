import type { ActivationDType, DType, WeightDType } from "./dtype.js";

/** What a driver can do, as data. Code asks these, never a driver's name. */
export interface Capabilities {
  /** Whether the device is a GPU, for apps to read. Core derives nothing from it. */
  readonly isGpu: boolean;
  /** Whether a first pass of full size makes later ones faster: it compiles pipelines and makes buffers. */
  readonly needsWarmUp: boolean;
  /**
   * Whether passes in flight run at the same time, so that a small one need not wait for more texts. Where passes run
   * one after the other, a small one that waits loses little and may be joined by others.
   */
  readonly overlapsPasses: boolean;
  /** The device in words, for people: "NVIDIA H100", "x64 avx512, 2 threads". */
  readonly device: string;
  /** Dtypes that activations may have; always f32. Every op takes every one of them. */
  readonly dtypes: ReadonlySet<ActivationDType>;
  /** Dtypes that `alloc`, `copy` and `convert` take; a superset of `dtypes` plus i32. */
  readonly storageDtypes: ReadonlySet<DType>;
  /** Dtypes that the driver can keep a matrix or a table of weights in; always f32. */
  readonly weightDtypes: ReadonlySet<WeightDType>;
  /** Passes worth having in flight: the ring of a GPU; 2 on a CPU, one that runs and one that waits. */
  readonly maxInFlight: number;
  /** Tokens in one pass that keep the device busy; the default of `maxBatchTokens`. */
  readonly preferredBatchTokens: number;
  /** Largest single tensor in bytes. */
  readonly maxTensorBytes: number;
}
