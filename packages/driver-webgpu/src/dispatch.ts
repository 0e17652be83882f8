import type { KernelArgs, OpName, SequenceLayout } from "@ripvec/core/driver";
import type { BufferSource } from "./buffers.js";
import type { ParameterValues } from "./params.js";
import type { Pipeline } from "./pipelines.js";
import type { Constants, Wgsl } from "./shader.js";
import type { GpuTensor, Place, TensorPart, WebGpuStorage } from "./storage.js";

/** What a kernel reads: a tensor, some rows of a tensor, or a list that the launcher uploaded. */
export type Operand = GpuTensor | TensorPart | Place;

/** One run of a kernel, as a launcher requests it. */
export interface DispatchRequest {
  readonly kernel: Wgsl;
  readonly preludes: readonly Wgsl[];
  readonly constants?: Constants;
  /**
   * Bindings 0 …, read only, under the names that the kernel gives them. An absent one is bound to a buffer of zeros.
   * `params.<name>_offset` is where it starts in its buffer, in elements.
   */
  readonly reads: Readonly<Record<string, Operand | undefined>>;
  /**
   * The bindings after them, likewise. They may overlap reads as the op's contract allows: the recorder separates
   * them.
   */
  readonly writes: Readonly<Record<string, GpuTensor | undefined>>;
  /** The kernel's further parameters: `params.<name>`, u32. */
  readonly numbers?: ParameterValues;
  /** Like `numbers`, but f32. */
  readonly floats?: ParameterValues;
  /** Number of workgroups. With 0 nothing is recorded. */
  readonly groups: number;
}

/** Records what launchers request. */
export interface Recorder {
  dispatch(request: DispatchRequest): void;
  /** Copies numbers from the host into the pass. */
  upload(numbers: Int32Array): Place;
  /** The numbers that `make` returns. It is called once in a pass for each layout and size. */
  perLayout(layout: SequenceLayout, size: number, make: () => Int32Array): Place;
  readonly features: Features;
}

/** Features of the device that the choice of a kernel may depend on. */
export interface Features {
  /** Whether the adapter is a fallback adapter, which computes on the CPU. */
  readonly isFallback: boolean;
  /** Smallest number of threads in a subgroup; 0 without subgroups. */
  readonly subgroupMinSize: number;
}

/** Records the dispatches of one op. Core has checked the arguments. */
export type Launcher<K extends OpName> = (
  recorder: Recorder,
  args: KernelArgs<K, WebGpuStorage>,
) => void;

/** A recorded run of a kernel. */
export interface Dispatch {
  readonly pipeline: Pipeline;
  readonly reads: number;
  /** Reads, then writes. */
  readonly bindings: readonly BufferSource[];
  readonly groups: readonly [x: number, y: number];
}
