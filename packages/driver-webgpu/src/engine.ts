import { BindGroups } from "./bind-groups.js";
import { paramsBytes } from "./binding-layouts.js";
import { type BufferSource, Buffers, kernelBufferUsage } from "./buffers.js";
import { type Counters, newCounters } from "./counters.js";
import type { OpenDevice } from "./device.js";
import type { Features } from "./dispatch.js";
import { PassQueue } from "./pass-queue.js";
import { Pipelines } from "./pipelines.js";
import { SlotPool } from "./slots.js";

/** Everything that the passes of one driver share. */
export class Engine {
  readonly counters: Counters = newCounters();
  readonly open: OpenDevice;
  readonly features: Features;
  readonly maxBindingBytes: number;
  /** Bytes from the parameters of one dispatch to those of the next. */
  readonly paramsStep: number;
  readonly buffers: Buffers;
  readonly bindGroups: BindGroups;
  readonly pipelines: Pipelines;
  readonly slots: SlotPool;
  readonly inputSlots: SlotPool;
  readonly queue: PassQueue;
  /** Bound in place of an optional tensor that is absent. */
  readonly absentRead: BufferSource;
  readonly absentWrite: BufferSource;

  constructor(open: OpenDevice) {
    const { device, maxBindingBytes } = open;
    this.open = open;
    this.maxBindingBytes = maxBindingBytes;
    this.features = { isFallback: open.isFallback, subgroupMinSize: open.subgroupMinSize };
    this.paramsStep = Math.max(paramsBytes, device.limits.minUniformBufferOffsetAlignment);
    this.bindGroups = new BindGroups(device, this.counters);
    this.buffers = new Buffers(device, this.counters, (id) => this.bindGroups.forget(id));
    this.pipelines = Pipelines.of(device);
    this.slots = new SlotPool(this.buffers, maxBindingBytes);
    this.inputSlots = new SlotPool(this.buffers, maxBindingBytes);
    this.absentRead = { buffer: this.buffers.create(256, kernelBufferUsage) };
    this.absentWrite = { buffer: this.buffers.create(256, kernelBufferUsage) };
    const { counters, buffers, bindGroups, slots, inputSlots, paramsStep } = this;
    this.queue = new PassQueue({
      device,
      counters,
      buffers,
      bindGroups,
      slots,
      inputSlots,
      paramsStep,
    });
  }
}
