const alignment = 64;

/** Blocks of bytes, each at a multiple of 64, in memory that is kept for the next time. */
export class GrowingBytes {
  #data = new Uint8Array(1 << 14);
  #length = 0;

  /** Copies `bytes` and returns their offset. */
  append(bytes: Uint8Array): number {
    const offset = Math.ceil(this.#length / alignment) * alignment;
    const needed = offset + bytes.length;
    if (needed > this.#data.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#data.length));
      larger.set(this.#data.subarray(0, this.#length));
      this.#data = larger;
    }
    this.#data.set(bytes, offset);
    this.#length = needed;
    return offset;
  }

  /** What was appended; valid until the next append. */
  view(): Uint8Array {
    return this.#data.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }
}
