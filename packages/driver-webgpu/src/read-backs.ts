import { type Buffers, type DeviceBuffer, roomFor } from "./buffers.js";
import { bufferUsage, mapModeRead } from "./constants.js";

/** Buffers that results are copied to: one for each pass in flight, used again. */
export class ReadBacks {
  readonly #device: GPUDevice;
  readonly #buffers: Buffers;
  readonly #free: DeviceBuffer[] = [];

  constructor(device: GPUDevice, buffers: Buffers) {
    this.#device = device;
    this.#buffers = buffers;
  }

  /** The smallest free one that is large enough; none: a new one, in place of a free one that is too small. */
  take(byteLength: number): DeviceBuffer {
    const { maxBufferSize } = this.#device.limits;
    this.#free.sort((a, b) => a.byteLength - b.byteLength);
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= byteLength);
    const [found] = this.#free.splice(Math.max(0, index), 1);
    if (found && index >= 0) return found;
    if (found) this.#buffers.destroy(found);
    const room = roomFor(byteLength, maxBufferSize);
    return this.#buffers.create(room, bufferUsage.mapRead | bufferUsage.copyDst);
  }

  /** Waits for the work in front, and gives a copy of the bytes. */
  async read(buffer: DeviceBuffer, byteOffset: number, byteLength: number): Promise<ArrayBuffer> {
    const room = Math.ceil((byteOffset + byteLength) / 4) * 4;
    try {
      await buffer.gpu.mapAsync(mapModeRead, 0, room);
      const mapped = buffer.gpu.getMappedRange(0, room);
      const bytes = mapped.slice(byteOffset, byteOffset + byteLength);
      buffer.gpu.unmap();
      this.#free.push(buffer);
      return bytes;
    } catch (error) {
      this.#buffers.destroy(buffer);
      throw error;
    }
  }

  drop(): void {
    for (const buffer of this.#free.splice(0)) this.#buffers.destroy(buffer);
  }
}
