import { bufferUsage } from "./constants.js";
import type { Counters } from "./counters.js";

/** A buffer of the device, with an id that is unique within its driver. */
export interface DeviceBuffer {
  readonly id: number;
  readonly gpu: GPUBuffer;
  readonly byteLength: number;
}

/** Something to bind: it has a buffer at the latest when the pass is encoded. */
export interface BufferSource {
  readonly buffer: DeviceBuffer | undefined;
}

/** Usage of buffers that kernels bind as storage buffers. */
export const kernelBufferUsage: number =
  bufferUsage.storage | bufferUsage.copySrc | bufferUsage.copyDst;

/** Creates and destroys the buffers of one driver. */
export class Buffers {
  readonly #device: GPUDevice;
  readonly #counters: Counters;
  readonly #live = new Map<number, DeviceBuffer>();
  readonly #destroyed: (id: number) => void;
  #nextId = 0;

  /** `destroyed` is called with the id of every buffer that is destroyed. */
  constructor(device: GPUDevice, counters: Counters, destroyed: (id: number) => void) {
    this.#device = device;
    this.#counters = counters;
    this.#destroyed = destroyed;
  }

  /** Errors go to the error scopes that are open on the device. */
  create(byteLength: number, usage: number): DeviceBuffer {
    const gpu = this.#device.createBuffer({ size: byteLength, usage });
    const buffer = { id: this.#nextId++, gpu, byteLength };
    this.#live.set(buffer.id, buffer);
    this.#counters.buffers++;
    return buffer;
  }

  /** Work that was submitted before may still use the buffer. */
  destroy({ id, gpu }: DeviceBuffer): void {
    if (!this.#live.delete(id)) return;
    this.#destroyed(id);
    gpu.destroy();
  }

  destroyAll(): void {
    for (const buffer of [...this.#live.values()]) this.destroy(buffer);
  }
}

/** Size of a buffer for `byteLength` bytes, at most `max`: rounded up a little, so that there are few sizes. */
export function bufferSizeFor(byteLength: number, max: number): number {
  const step = Math.max(256, 2 ** (Math.floor(Math.log2(Math.max(1, byteLength))) - 2));
  return Math.min(max, Math.max(step, Math.ceil(byteLength / step) * step));
}
