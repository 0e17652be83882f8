import { bufferUsage } from "./constants.js";
import type { Counters } from "./counters.js";

/** A buffer of the device with a number that no other has. */
export interface DeviceBuffer {
  readonly id: number;
  readonly gpu: GPUBuffer;
  readonly byteLength: number;
}

/** Something to bind: a buffer, or a slot that has one when the pass is encoded. */
export interface BufferSource {
  readonly buffer: DeviceBuffer | undefined;
}

export const storageUsage: number = bufferUsage.storage | bufferUsage.copySrc | bufferUsage.copyDst;

/** Makes and destroys the buffers of one driver. */
export class Buffers {
  readonly #device: GPUDevice;
  readonly #counters: Counters;
  readonly #live = new Map<number, DeviceBuffer>();
  readonly #destroyed: (id: number) => void;
  #nextId = 0;

  /** `destroyed` is told the id of every buffer that goes. */
  constructor(device: GPUDevice, counters: Counters, destroyed: (id: number) => void) {
    this.#device = device;
    this.#counters = counters;
    this.#destroyed = destroyed;
  }

  /** Errors go to the error scopes that are open. */
  create(byteLength: number, usage: number): DeviceBuffer {
    const gpu = this.#device.createBuffer({ size: byteLength, usage });
    const buffer = { id: this.#nextId++, gpu, byteLength };
    this.#live.set(buffer.id, buffer);
    this.#counters.buffers++;
    return buffer;
  }

  /** Work that was submitted may still use it. */
  destroy({ id, gpu }: DeviceBuffer): void {
    if (!this.#live.delete(id)) return;
    this.#destroyed(id);
    gpu.destroy();
  }

  destroyAll(): void {
    for (const buffer of [...this.#live.values()]) this.destroy(buffer);
  }
}

/** Bytes of a buffer for `byteLength` bytes: little is wasted, and few sizes exist. */
export function roomFor(byteLength: number, most: number): number {
  const step = Math.max(256, 2 ** (Math.floor(Math.log2(Math.max(1, byteLength))) - 2));
  return Math.min(most, Math.max(step, Math.ceil(byteLength / step) * step));
}
