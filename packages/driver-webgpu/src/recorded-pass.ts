import type { BufferSource } from "./buffers.js";
import type { Dispatch } from "./dispatch.js";
import type { Inputs } from "./inputs.js";
import type { Params } from "./params.js";
import type { Slot } from "./slots.js";
import type { Weight } from "./storage.js";

/** A pass after recording: everything that the device needs to run it. */
export interface RecordedPass {
  readonly dispatches: readonly Dispatch[];
  readonly params: Params;
  readonly inputs: Inputs;
  /** Bytes that the pass needs of each slot. */
  readonly needed: ReadonlyMap<Slot, number>;
  /** The weights that it reads. */
  readonly weights: ReadonlySet<Weight>;
  readonly result: {
    readonly source: BufferSource;
    readonly byteOffset: number;
    readonly byteLength: number;
  };
}
