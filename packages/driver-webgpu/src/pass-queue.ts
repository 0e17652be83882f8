import type { BindGroups } from "./bind-groups.js";
import { type Buffers, bufferSizeFor, type DeviceBuffer } from "./buffers.js";
import { bufferUsage } from "./constants.js";
import type { Counters } from "./counters.js";
import { DeviceHealth } from "./health.js";
import { ReadBacks } from "./read-backs.js";
import type { RecordedPass } from "./recorded-pass.js";
import type { SlotPool } from "./slots.js";
import type { StartedPass } from "./started-pass.js";

/** What a queue needs of its driver. */
export interface PassQueueParts {
  readonly device: GPUDevice;
  readonly counters: Counters;
  readonly buffers: Buffers;
  readonly bindGroups: BindGroups;
  readonly slots: SlotPool;
  readonly inputSlots: SlotPool;
  /** Bytes from the parameters of one dispatch to those of the next. */
  readonly paramsStep: number;
}

/** Submits passes to the device in the order in which they were recorded, and reads their results back. */
export class PassQueue {
  readonly #parts: PassQueueParts;
  readonly #health: DeviceHealth;
  readonly #readBacks: ReadBacks;
  #params: DeviceBuffer | undefined;
  /** Resolves when every pass so far was submitted. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: PassQueueParts) {
    const { device, buffers } = parts;
    this.#parts = parts;
    this.#health = new DeviceHealth(device);
    this.#readBacks = new ReadBacks(device, buffers);
  }

  /** Rejects with DeviceError. */
  async run(pass: RecordedPass): Promise<ArrayBuffer> {
    const { errors, result } = await this.#afterLast(() => this.#start(pass));
    const error = await errors;
    if (error) throw error;
    return result;
  }

  /** Calls `action` once every pass so far was submitted. */
  afterPasses(action: () => void): void {
    void this.#afterLast(async () => action());
  }

  /** Resolves when no pass waits to be submitted. */
  async idle(): Promise<void> {
    await this.#last;
  }

  #afterLast<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }

  /**
   * Waits for pipelines and weights. Everything after that happens in one turn, so that an error of this pass reaches
   * the error scopes of this pass only.
   */
  async #start(pass: RecordedPass): Promise<StartedPass> {
    this.#health.check();
    await this.#ready(pass);
    this.#health.check();
    let grew = false;
    const started = this.#health.watch(async () => {
      grew = this.#prepareBuffers(pass);
      return this.#submit(pass);
    });
    if (grew) {
      // A buffer that the device had no memory for is invalid: the next pass must not use it.
      if (await started.errors) this.#forgetBuffers();
    } else {
      void started.errors.then((error) => {
        if (error) this.afterPasses(() => this.#forgetBuffers());
      });
    }
    return started;
  }

  async #ready({ dispatches, weights }: RecordedPass): Promise<void> {
    const pipelines = new Set(dispatches.map(({ pipeline }) => pipeline));
    for (const { op, gpu, ready } of pipelines) {
      const error = gpu ? undefined : await ready;
      if (error) throw await this.#health.failure(`kernel ${op} cannot be compiled`, error);
    }
    for (const { failure } of weights) {
      const error = await failure;
      if (error) throw error;
    }
  }

  #submit(pass: RecordedPass): Promise<ArrayBuffer> {
    const { counters, device } = this.#parts;
    const encoder = device.createCommandEncoder();
    this.#encode(encoder, pass);
    const { source, byteOffset, byteLength } = pass.result;
    if (byteLength === 0) {
      device.queue.submit([encoder.finish()]);
      counters.submits++;
      return Promise.resolve(new ArrayBuffer(0));
    }
    const skip = byteOffset % 4;
    const copied = Math.ceil((skip + byteLength) / 4) * 4;
    const readBack = this.#readBacks.take(copied);
    encoder.copyBufferToBuffer(gpuOf(source.buffer), byteOffset - skip, readBack.gpu, 0, copied);
    device.queue.submit([encoder.finish()]);
    counters.submits++;
    counters.readBacks++;
    return this.#readBacks.read(readBack, skip, byteLength);
  }

  /** Gives every slot its buffer, and writes inputs and parameters. Returns whether a buffer was created. */
  #prepareBuffers({ needed, inputs, params }: RecordedPass): boolean {
    const { slots, inputSlots, device, counters } = this.#parts;
    const before = counters.buffers;
    for (const [slot, byteLength] of needed) slots.ensure(slot, byteLength);
    for (const { slot, used, bytes } of inputs.chunks) {
      inputSlots.ensure(slot, used);
      device.queue.writeBuffer(gpuOf(slot.buffer), 0, bytes);
    }
    const { bytes } = params;
    if (bytes.byteLength > 0) {
      device.queue.writeBuffer(this.#paramsFor(bytes.byteLength).gpu, 0, bytes);
    }
    return counters.buffers > before;
  }

  #paramsFor(byteLength: number): DeviceBuffer {
    const { buffers } = this.#parts;
    if (this.#params && this.#params.byteLength >= byteLength) return this.#params;
    if (this.#params) buffers.destroy(this.#params);
    const usage = bufferUsage.uniform | bufferUsage.copyDst;
    this.#params = buffers.create(bufferSizeFor(Math.max(2 * byteLength, 65536), Infinity), usage);
    return this.#params;
  }

  #encode(encoder: GPUCommandEncoder, { dispatches }: RecordedPass): void {
    const { bindGroups, counters, paramsStep } = this.#parts;
    const params = this.#params;
    if (!params || dispatches.length === 0) return;
    const compute = encoder.beginComputePass();
    dispatches.forEach(({ pipeline, reads, bindings, groups }, i) => {
      const buffers = bindings.map(({ buffer }) => buffer as DeviceBuffer);
      compute.setPipeline(pipeline.gpu as GPUComputePipeline);
      compute.setBindGroup(0, bindGroups.get(reads, buffers, params), [i * paramsStep]);
      compute.dispatchWorkgroups(...groups);
    });
    compute.end();
    counters.dispatches += dispatches.length;
  }

  /** Some of the buffers may be invalid. Passes create them again as they need them. */
  #forgetBuffers(): void {
    const { slots, inputSlots, buffers } = this.#parts;
    slots.drop();
    inputSlots.drop();
    this.#readBacks.drop();
    if (this.#params) buffers.destroy(this.#params);
    this.#params = undefined;
  }
}

function gpuOf(buffer: DeviceBuffer | undefined): GPUBuffer {
  if (!buffer) throw new TypeError("a slot of the pass has no buffer");
  return buffer.gpu;
}
