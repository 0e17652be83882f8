import type { DeviceError } from "@ripvec/core";
import { type DeviceBuffer, roomFor } from "./buffers.js";
import { bufferUsage } from "./constants.js";
import type { Engine } from "./engine.js";
import { DeviceHealth } from "./health.js";
import type { RecordedPass } from "./pass.js";
import { ReadBacks } from "./read-backs.js";

/** Hands passes to the device, one behind the other, and brings their results back. */
export class PassQueue {
  readonly #engine: Engine;
  readonly #health: DeviceHealth;
  readonly #readBacks: ReadBacks;
  #params: DeviceBuffer | undefined;
  /** Settles when every pass so far was submitted. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#health = new DeviceHealth(engine.open.device);
    this.#readBacks = new ReadBacks(engine.open.device, engine.buffers);
  }

  /** Rejects with DeviceError. */
  async run(pass: RecordedPass): Promise<ArrayBuffer> {
    const { errors, result } = await this.#then(() => this.#start(pass));
    const error = await errors;
    if (error) throw error;
    return result;
  }

  /** Calls `action` when every pass so far was submitted. */
  afterPasses(action: () => void): void {
    void this.#then(async () => action());
  }

  /** Resolves when nothing waits to be submitted. */
  async idle(): Promise<void> {
    await this.#last;
  }

  #then<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Waits for pipelines and weights; the rest happens in one turn, so that no error gets into another's scope. */
  async #start(pass: RecordedPass): Promise<Started> {
    this.#health.check();
    await this.#ready(pass);
    this.#health.check();
    let grew = false;
    const started = this.#health.watch(async () => {
      grew = this.#place(pass);
      return this.#submit(pass);
    });
    if (grew) {
      // The next pass must not meet a buffer that there was no room for.
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
      if (error) throw await this.#health.failure(`kernel ${op} cannot be made`, error);
    }
    for (const { failure } of weights) {
      const error = await failure;
      if (error) throw error;
    }
  }

  #submit(pass: RecordedPass): Promise<ArrayBuffer> {
    const { counters, open } = this.#engine;
    const { queue } = open.device;
    const encoder = open.device.createCommandEncoder();
    this.#encode(encoder, pass);
    const { source, byteOffset, byteLength } = pass.result;
    if (byteLength === 0) {
      queue.submit([encoder.finish()]);
      counters.submits++;
      return Promise.resolve(new ArrayBuffer(0));
    }
    const skip = byteOffset % 4;
    const room = Math.ceil((skip + byteLength) / 4) * 4;
    const readBack = this.#readBacks.take(room);
    encoder.copyBufferToBuffer(gpuOf(source.buffer), byteOffset - skip, readBack.gpu, 0, room);
    queue.submit([encoder.finish()]);
    counters.submits++;
    counters.readBacks++;
    return this.#readBacks.read(readBack, skip, byteLength);
  }

  /** Sees that every slot has its buffer, and writes inputs and parameters. Gives whether it made buffers. */
  #place({ needed, inputs, params }: RecordedPass): boolean {
    const { slots, inputSlots, open, counters } = this.#engine;
    const made = counters.buffers;
    for (const [slot, byteLength] of needed) slots.ensure(slot, byteLength);
    for (const { slot, used, bytes } of inputs.chunks) {
      inputSlots.ensure(slot, used);
      open.device.queue.writeBuffer(gpuOf(slot.buffer), 0, bytes);
    }
    const { bytes } = params;
    if (bytes.byteLength > 0) {
      open.device.queue.writeBuffer(this.#paramsFor(bytes.byteLength).gpu, 0, bytes);
    }
    return counters.buffers > made;
  }

  #paramsFor(byteLength: number): DeviceBuffer {
    const { buffers } = this.#engine;
    if (this.#params && this.#params.byteLength >= byteLength) return this.#params;
    if (this.#params) buffers.destroy(this.#params);
    const usage = bufferUsage.uniform | bufferUsage.copyDst;
    this.#params = buffers.create(roomFor(Math.max(2 * byteLength, 65536), Infinity), usage);
    return this.#params;
  }

  #encode(encoder: GPUCommandEncoder, { dispatches }: RecordedPass): void {
    const { bindGroups, counters, paramsStep } = this.#engine;
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

  /** Some of them may be invalid: they are made again when a pass needs them. */
  #forgetBuffers(): void {
    const { slots, inputSlots, buffers } = this.#engine;
    slots.drop();
    inputSlots.drop();
    this.#readBacks.drop();
    if (this.#params) buffers.destroy(this.#params);
    this.#params = undefined;
  }
}

/** A pass that the device has. */
export interface Started {
  /** What the device says to the submission. */
  readonly errors: Promise<DeviceError | undefined>;
  readonly result: Promise<ArrayBuffer>;
}

function gpuOf(buffer: DeviceBuffer | undefined): GPUBuffer {
  if (!buffer) throw new TypeError("a slot of the pass has no buffer");
  return buffer.gpu;
}
