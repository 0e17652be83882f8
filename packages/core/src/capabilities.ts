import type { ActivationDType, DType, WeightDType } from "./dtype.js";

/** What a driver can do, as data. Code decides by these fields and never by the name of a driver. */
export interface Capabilities {
  /** Whether the device is a GPU, for apps to read. Core derives nothing from it. */
  readonly isGpu: boolean;
  /** Whether a first pass of full size makes later ones faster, since it compiles pipelines and allocates buffers. */
  readonly needsWarmUp: boolean;
  /**
   * Whether to submit a small batch while others are in flight, as on a GPU, where a queued pass costs little. If false,
   * a small batch waits for the pass that runs, and later texts may join it.
   */
  readonly overlapsPasses: boolean;
  /** Description of the device for people, such as "NVIDIA H100" or "x64 avx512, 2 threads". */
  readonly device: string;
  /** Dtypes of activations. Contains f32. Every op takes every one of them. */
  readonly dtypes: ReadonlySet<ActivationDType>;
  /** Dtypes that `alloc`, `copy` and `convert` take. Contains all of `dtypes`, and i32. */
  readonly storageDtypes: ReadonlySet<DType>;
  /** Dtypes in which the driver can keep matrices and tables of weights. Contains f32. */
  readonly weightDtypes: ReadonlySet<WeightDType>;
  /** Number of passes in flight that keeps the device busy. On a CPU it is 2: one runs and one waits. */
  readonly maxInFlight: number;
  /** Number of tokens in one pass that keeps the device busy; the default of `maxBatchTokens`. */
  readonly preferredBatchTokens: number;
  /** Largest single tensor in bytes. */
  readonly maxTensorBytes: number;
}
