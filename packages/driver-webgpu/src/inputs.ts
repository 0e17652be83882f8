import type { Slot, SlotPool } from "./slots.js";
import type { Allocation } from "./storage.js";

/** Inputs start at multiples of this many bytes, so that kernels can load four elements in one access. */
const alignment = 16;

/** Host data that is written to one slot. */
export class InputChunk {
  readonly slot: Slot;
  #bytes = new Uint8Array(1024);
  #used = 0;

  constructor(slot: Slot) {
    this.slot = slot;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#used);
  }

  get used(): number {
    return this.#used;
  }

  /** Returns the offset of the bytes in the slot. */
  append(bytes: Uint8Array): number {
    const offset = this.#used;
    this.#used += Math.ceil(bytes.byteLength / alignment) * alignment;
    if (this.#used > this.#bytes.byteLength) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.byteLength, this.#used));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, offset);
    return offset;
  }
}

/** The host data of a pass. Each slot takes one write; most passes need one slot. */
export class Inputs {
  readonly chunks: InputChunk[] = [];
  readonly #pool: SlotPool;
  readonly #maxBytes: number;

  /** `maxBytes`: size of the largest slot. */
  constructor(pool: SlotPool, maxBytes: number) {
    this.#pool = pool;
    this.#maxBytes = maxBytes;
  }

  add(bytes: Uint8Array): Allocation {
    let chunk = this.chunks.at(-1);
    if (!chunk || chunk.used + bytes.byteLength + alignment > this.#maxBytes) {
      chunk = new InputChunk(this.#pool.at(this.chunks.length));
      this.chunks.push(chunk);
    }
    const slotOffset = chunk.append(bytes);
    return { slot: chunk.slot, slotOffset, byteLength: bytes.byteLength, isInput: true };
  }
}
