import {
  type DriverPass,
  dtypeByteLength,
  type Kernels,
  type OpArgs,
  type OpName,
  type SequenceLayout,
  type Tensor,
} from "@ripvec/core/driver";
import type { BufferSource } from "./buffers.js";
import type {
  Dispatch,
  DispatchRequest,
  Features,
  Launcher,
  Operand,
  Recorder,
} from "./dispatch.js";
import type { Engine } from "./engine.js";
import { fillRequest } from "./fill.js";
import { launchers } from "./generated/launchers.js";
import { Inputs } from "./inputs.js";
import { copyTensor } from "./ops/copy.js";
import { Params } from "./params.js";
import { type Slot, SlotPlan } from "./slots.js";
import {
  type Allocation,
  type PassMemory,
  type Place,
  placeOf,
  storageOf,
  type WebGpuStorage,
  type Weight,
} from "./storage.js";

/** What is left of a pass when it was recorded: all that the device needs. */
export interface RecordedPass {
  readonly dispatches: readonly Dispatch[];
  readonly params: Params;
  readonly inputs: Inputs;
  /** Bytes of each slot. */
  readonly needed: ReadonlyMap<Slot, number>;
  readonly weights: ReadonlySet<Weight>;
  readonly result: {
    readonly source: BufferSource;
    readonly byteOffset: number;
    readonly byteLength: number;
  };
}

/** WebGPU runs no more workgroups along one dimension. */
const largestGrid = 65535;

/** Records dispatches. Nothing reaches the device before `submit`, but the compiling of new pipelines. */
export class WebGpuPass implements DriverPass<WebGpuStorage>, Recorder {
  readonly kernels: Kernels;
  readonly features: Features;
  readonly #engine: Engine;
  readonly #plan: SlotPlan;
  readonly #inputs: Inputs;
  readonly #params: Params;
  readonly #dispatches: Dispatch[] = [];
  readonly #weights = new Set<Weight>();
  readonly #tables = new Map<SequenceLayout, Map<number, Place>>();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.features = engine.features;
    this.#plan = new SlotPlan(engine.slots);
    this.#inputs = new Inputs(engine.inputSlots, engine.maxBindingBytes);
    this.#params = new Params(engine.paramsStep);
    const kernels: Record<string, (args: never) => void> = {};
    for (const [name, launch] of Object.entries(launchers)) {
      kernels[name] = (args: OpArgs[OpName]) => (launch as Launcher<OpName>)(this, args);
    }
    this.kernels = kernels as Kernels;
  }

  alloc(byteLength: number): PassMemory {
    const slot = this.#plan.take(byteLength);
    return {
      kind: "pass",
      allocation: { slot, slotOffset: 0, byteLength, isInput: false },
      byteOffset: 0,
    };
  }

  release(storage: WebGpuStorage): void {
    this.#plan.release((storage as PassMemory).allocation.slot);
  }

  slice(storage: WebGpuStorage, byteOffset: number): PassMemory {
    const { allocation, byteOffset: start } = storage as PassMemory;
    return { kind: "pass", allocation, byteOffset: start + byteOffset };
  }

  input(bytes: Uint8Array): PassMemory {
    return { kind: "pass", allocation: this.#inputs.add(bytes), byteOffset: 0 };
  }

  fill(storage: WebGpuStorage, byteLength: number, value: 0x00 | 0xff): void {
    const { allocation } = storage as PassMemory;
    const request = fillRequest(byteLength, value);
    if (request.groups > 0) this.#record(request, [], [{ source: allocation.slot, offset: 0 }]);
  }

  submit(result: WebGpuStorage, byteLength: number): Promise<ArrayBuffer> {
    const { allocation, byteOffset } = result as PassMemory;
    return this.#engine.queue.run({
      dispatches: this.#dispatches,
      params: this.#params,
      inputs: this.#inputs,
      needed: this.#plan.needed,
      weights: this.#weights,
      result: {
        source: allocation.slot,
        byteOffset: allocation.slotOffset + byteOffset,
        byteLength,
      },
    });
  }

  /** The plan and the lists go with this object. */
  abandon(): void {}

  upload(numbers: Int32Array): Place {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const { slot, slotOffset } = this.#inputs.add(bytes);
    return { source: slot, offset: slotOffset / 4 };
  }

  perLayout(layout: SequenceLayout, size: number, make: () => Int32Array): Place {
    const bySize = this.#tables.get(layout) ?? new Map<number, Place>();
    this.#tables.set(layout, bySize);
    const place = bySize.get(size) ?? this.upload(make());
    bySize.set(size, place);
    return place;
  }

  /**
   * WebGPU refuses a buffer that is read and written in one dispatch, and two writes to one buffer. So
   * inputs that are written get a slot of their own; an output that replaces the whole of a tensor that is
   * read moves to another slot; other reads in the buffer of an output are copied before, other outputs in
   * one buffer behind.
   */
  dispatch(request: DispatchRequest): void {
    if (request.groups === 0) return;
    for (const write of request.writes) if (write) this.#separate(write);
    const temporary: Slot[] = [];
    const after: (() => void)[] = [];
    const temporaryFor = (tensor: Tensor): Tensor => {
      const memory = this.alloc(tensor.size * dtypeByteLength(tensor.dtype));
      temporary.push(memory.allocation.slot);
      return { ...shapeOf(tensor), storage: memory };
    };
    const sources = request.reads.map((read) => read && this.#read(read).source);
    const written = new Set<BufferSource>();
    const writes = request.writes.map((write): Place => {
      if (!write) return { source: this.#engine.absentWrite, offset: 0 };
      const place = placeOf(write);
      const { allocation } = storageOf(write) as PassMemory;
      if (sources.includes(place.source) && isWhole(write, allocation)) {
        const slot = this.#plan.take(allocation.byteLength);
        after.push(() => this.#move(allocation, slot));
        return { source: slot, offset: 0 };
      }
      if (written.has(place.source)) {
        const target = temporaryFor(write);
        after.push(() => copyTensor(this, target, write));
        return placeOf(target);
      }
      written.add(place.source);
      return place;
    });
    const reads = request.reads.map((read): Place => {
      if (!read) return { source: this.#engine.absentRead, offset: 0 };
      const place = this.#read(read);
      const tensor = tensorOf(read);
      if (!tensor || !written.has(place.source)) return place;
      const copied = temporaryFor(tensor);
      copyTensor(this, tensor, copied);
      return placeOf(copied);
    });
    this.#record(request, reads, writes);
    for (const action of after) action();
    for (const slot of temporary) this.#plan.release(slot);
  }

  #record(request: DispatchRequest, reads: readonly Place[], writes: readonly Place[]): void {
    const { kernel, preludes, constants = {}, numbers = [], floats = [], groups } = request;
    const places = [...reads, ...writes];
    this.#params.add([...places.map(({ offset }) => offset), ...numbers], floats);
    const rows = Math.ceil(groups / largestGrid);
    const source = { kernel, preludes, constants };
    const { pipelines, counters } = this.#engine;
    this.#dispatches.push({
      pipeline: pipelines.get(source, reads.length, writes.length, counters),
      reads: reads.length,
      bindings: places.map((place) => place.source),
      groups: [Math.ceil(groups / rows), rows],
    });
  }

  /** Where it lies now. A weight is noted, so that the pass waits for it. */
  #read(read: Operand): Place {
    const tensor = tensorOf(read);
    const storage = tensor && storageOf(tensor);
    if (storage?.kind === "weight") this.#weights.add(storage);
    return tensor === read ? placeOf(tensor) : (read as Place);
  }

  /** Moves an input out of the slot that kernels only read. */
  #separate(tensor: Tensor): void {
    const { allocation } = storageOf(tensor) as PassMemory;
    if (!allocation.isInput) return;
    const words = wordsOf({ kind: "pass", allocation: { ...allocation }, byteOffset: 0 });
    allocation.slot = this.#plan.take(allocation.byteLength);
    allocation.slotOffset = 0;
    allocation.isInput = false;
    copyTensor(this, words, wordsOf({ kind: "pass", allocation, byteOffset: 0 }));
  }

  #move(allocation: Allocation, slot: Slot): void {
    this.#plan.release(allocation.slot);
    allocation.slot = slot;
    allocation.slotOffset = 0;
  }
}

/** The tensor that an operand is, or is a part of. */
function tensorOf(read: Operand): Tensor | undefined {
  if ("dtype" in read) return read;
  return "tensor" in read ? read.tensor : undefined;
}

const shapeOf = ({ dtype, shape, size }: Tensor): Omit<Tensor, "storage"> => ({
  dtype,
  shape,
  size,
});

const isWhole = (tensor: Tensor, { byteLength }: Allocation): boolean =>
  tensor.size * dtypeByteLength(tensor.dtype) === byteLength;

/** All of an allocation as whole numbers. */
function wordsOf(storage: PassMemory): Tensor<"i32"> {
  const size = storage.allocation.byteLength / 4;
  return { dtype: "i32", shape: [size], size, storage };
}
