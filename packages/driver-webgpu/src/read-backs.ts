import { type Buffers, bufferSizeFor, type DeviceBuffer } from "./buffers.js";
import { bufferUsage, mapModeRead } from "./constants.js";

/** Buffers that results are copied to: one for each pass in flight. They are reused. */
export class ReadBacks {
  readonly #device: GPUDevice;
  readonly #buffers: Buffers;
  readonly #free: DeviceBuffer[] = [];

  constructor(device: GPUDevice, buffers: Buffers) {
    this.#device = device;
    this.#buffers = buffers;
  }

  /** The smallest free buffer that is large enough, else a new one, which replaces a free one that is too small. */
  take(byteLength: number): DeviceBuffer {
    const { maxBufferSize } = this.#device.limits;
    this.#free.sort((a, b) => a.byteLength - b.byteLength);
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= byteLength);
    const [found] = this.#free.splice(Math.max(0, index), 1);
    if (found && index >= 0) return found;
    if (found) this.#buffers.destroy(found);
    const size = bufferSizeFor(byteLength, maxBufferSize);
    return this.#buffers.create(size, bufferUsage.mapRead | bufferUsage.copyDst);
  }

  /** Waits for the work that was submitted before, and returns a copy of the bytes. */
  async read(buffer: DeviceBuffer, byteOffset: number, byteLength: number): Promise<ArrayBuffer> {
    const mappedBytes = Math.ceil((byteOffset + byteLength) / 4) * 4;
    try {
      await buffer.gpu.mapAsync(mapModeRead, 0, mappedBytes);
      const mapped = buffer.gpu.getMappedRange(0, mappedBytes);
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
