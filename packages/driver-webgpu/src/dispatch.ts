import type { OpArgs, OpName, SequenceLayout, Tensor } from "@ripvec/core/driver";
import type { BufferSource } from "./buffers.js";
import type { Pipeline } from "./pipelines.js";
import type { Constants, Wgsl } from "./shader.js";
import type { Place, TensorPart } from "./storage.js";

/** What a kernel reads: a tensor, some rows of one, or a list that the launcher uploaded. */
export type Operand = Tensor | TensorPart | Place;

/** One run of a kernel, as a launcher asks for it. */
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
  readonly writes: Readonly<Record<string, Tensor | undefined>>;
  /** The kernel's further parameters: `params.<name>`, u32. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** As `numbers`, f32. */
  readonly floats?: Readonly<Record<string, number>>;
  /** Workgroups; none: nothing is recorded. */
  readonly groups: number;
}

/** What launchers record with. */
export interface Recorder {
  dispatch(request: DispatchRequest): void;
  /** Copies host numbers into the pass. */
  upload(numbers: Int32Array): Place;
  /** `make` is called once for each layout and size in a pass. */
  perLayout(layout: SequenceLayout, size: number, make: () => Int32Array): Place;
  readonly features: Features;
}

/** What kernels may be chosen by. */
export interface Features {
  /** It computes on the CPU. */
  readonly isFallback: boolean;
  /** Threads of a subgroup at least; 0 where there are none. */
  readonly subgroupMinSize: number;
}

/** Records the dispatches of one op. Arguments were checked. */
export type Launcher<K extends OpName> = (recorder: Recorder, args: OpArgs[K]) => void;

/** One run of a kernel, recorded. */
export interface Dispatch {
  readonly pipeline: Pipeline;
  readonly reads: number;
  /** Reads, then writes. */
  readonly bindings: readonly BufferSource[];
  readonly groups: readonly [x: number, y: number];
}
