import {
  type DriverPass,
  dtypeByteLength,
  type KernelArgs,
  type Kernels,
  type OpName,
  type SequenceLayout,
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
  type AllocationView,
  type GpuTensor,
  type Place,
  placeOf,
  type WebGpuStorage,
  type Weight,
} from "./storage.js";

/** Largest number of workgroups along one dimension, by the default limits of WebGPU. */
const maxGridWidth = 65535;

/** Records dispatches. Before `submit` nothing reaches the device except the compilation of new pipelines. */
export class WebGpuPass implements DriverPass<AllocationView, Weight>, Recorder {
  readonly kernels: Kernels<WebGpuStorage>;
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
      kernels[name] = (args: KernelArgs<OpName, WebGpuStorage>) =>
        (launch as Launcher<OpName>)(this, args);
    }
    this.kernels = kernels as Kernels<WebGpuStorage>;
  }

  alloc(byteLength: number): AllocationView {
    const slot = this.#plan.take(byteLength);
    return {
      kind: "allocation",
      allocation: { slot, slotOffset: 0, byteLength, isInput: false },
      byteOffset: 0,
    };
  }

  release({ allocation }: AllocationView): void {
    this.#plan.release(allocation.slot);
  }

  slice({ allocation, byteOffset }: AllocationView, from: number): AllocationView {
    return { kind: "allocation", allocation, byteOffset: byteOffset + from };
  }

  input(bytes: Uint8Array): AllocationView {
    return { kind: "allocation", allocation: this.#inputs.add(bytes), byteOffset: 0 };
  }

  fill({ allocation }: AllocationView, byteLength: number, value: 0x00 | 0xff): void {
    const request = fillRequest(byteLength, value);
    if (request.groups > 0) this.#record(request, [], [{ source: allocation.slot, offset: 0 }]);
  }

  submit({ allocation, byteOffset }: AllocationView, byteLength: number): Promise<ArrayBuffer> {
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

  /** Nothing has to be done, because the recording consists of host objects only. */
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
   * WebGPU does not allow a dispatch to read and write the same buffer, or to bind a buffer twice for writing. Therefore:
   * an input that is written moves to a slot of its own; an output that replaces all of a tensor that is read moves to
   * another slot; any other read from the buffer of an output is copied to a temporary before the dispatch; a second
   * output in one buffer is written to a temporary and copied after the dispatch.
   */
  dispatch(request: DispatchRequest): void {
    if (request.groups === 0) return;
    const requestedReads = Object.values(request.reads);
    const requestedWrites = Object.values(request.writes);
    for (const write of requestedWrites) if (write) this.#separate(write);
    const temporary: Slot[] = [];
    const after: (() => void)[] = [];
    const temporaryFor = (tensor: GpuTensor): GpuTensor => {
      const memory = this.alloc(tensor.size * dtypeByteLength(tensor.dtype));
      temporary.push(memory.allocation.slot);
      return { ...shapeOf(tensor), storage: memory };
    };
    const sources = requestedReads.map((read) => read && this.#read(read).source);
    const written = new Set<BufferSource>();
    const writes = requestedWrites.map((write): Place => {
      if (!write) return { source: this.#engine.absentWrite, offset: 0 };
      const place = placeOf(write);
      const { allocation } = write.storage as AllocationView;
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
    const reads = requestedReads.map((read): Place => {
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
    const { numbers = {}, floats = {}, groups } = request;
    const places = [...reads, ...writes];
    this.#params.add(places, numbers, floats);
    const rows = Math.ceil(groups / maxGridWidth);
    const { pipelines, counters } = this.#engine;
    this.#dispatches.push({
      pipeline: pipelines.get(request, counters),
      reads: reads.length,
      bindings: places.map((place) => place.source),
      groups: [Math.ceil(groups / rows), rows],
    });
  }

  /**
   * The place of the operand. If it is a weight, notes it, so that the pass waits until it is on
   * the device.
   */
  #read(read: Operand): Place {
    const tensor = tensorOf(read);
    const storage = tensor?.storage;
    if (storage?.kind === "weight") this.#weights.add(storage);
    return tensor === read ? placeOf(tensor) : (read as Place);
  }

  /** Moves an input that will be written out of the slot that kernels only read. */
  #separate(tensor: GpuTensor): void {
    const { allocation } = tensor.storage as AllocationView;
    if (!allocation.isInput) return;
    const words = wordsOf({ kind: "allocation", allocation: { ...allocation }, byteOffset: 0 });
    allocation.slot = this.#plan.take(allocation.byteLength);
    allocation.slotOffset = 0;
    allocation.isInput = false;
    copyTensor(this, words, wordsOf({ kind: "allocation", allocation, byteOffset: 0 }));
  }

  #move(allocation: Allocation, slot: Slot): void {
    this.#plan.release(allocation.slot);
    allocation.slot = slot;
    allocation.slotOffset = 0;
  }
}

/** The tensor that the operand is, or is a part of. */
function tensorOf(read: Operand): GpuTensor | undefined {
  if ("dtype" in read) return read;
  return "tensor" in read ? read.tensor : undefined;
}

const shapeOf = ({ dtype, shape, size }: GpuTensor): Omit<GpuTensor, "storage"> => ({
  dtype,
  shape,
  size,
});

const isWhole = (tensor: GpuTensor, { byteLength }: Allocation): boolean =>
  tensor.size * dtypeByteLength(tensor.dtype) === byteLength;

/** All of an allocation as i32 elements. */
function wordsOf(storage: AllocationView): GpuTensor<"i32"> {
  const size = storage.allocation.byteLength / 4;
  return { dtype: "i32", shape: [size], size, storage };
}
