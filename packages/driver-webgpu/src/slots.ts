import {
  type BufferSource,
  type Buffers,
  bufferSizeFor,
  type DeviceBuffer,
  kernelBufferUsage,
} from "./buffers.js";

/** A buffer that the passes of a driver share. It is created, and replaced by a larger one, when a pass is submitted. */
export class Slot implements BufferSource {
  buffer: DeviceBuffer | undefined;
}

/**
 * The slots of a driver. All passes share them, since the device runs passes in order. A pass takes the free slot with
 * the lowest number, whatever the size: so the same ops lead to the same slots and bind groups, and each slot grows to
 * the largest tensor that was ever placed in it.
 */
export class SlotPool {
  readonly #buffers: Buffers;
  readonly #maxBytes: number;
  readonly #slots: Slot[] = [];

  /** `maxBytes`: size of the largest buffer. */
  constructor(buffers: Buffers, maxBytes: number) {
    this.#buffers = buffers;
    this.#maxBytes = maxBytes;
  }

  at(index: number): Slot {
    this.#slots[index] ??= new Slot();
    return this.#slots[index];
  }

  /** Gives the slot a buffer of at least `byteLength` bytes. */
  ensure(slot: Slot, byteLength: number): void {
    if (slot.buffer && slot.buffer.byteLength >= byteLength) return;
    if (slot.buffer) this.#buffers.destroy(slot.buffer);
    slot.buffer = this.#buffers.create(
      bufferSizeFor(byteLength, this.#maxBytes),
      kernelBufferUsage,
    );
  }

  /** Destroys all buffers: after an error of the device some of them may be invalid. */
  drop(): void {
    for (const slot of this.#slots) {
      if (slot.buffer) this.#buffers.destroy(slot.buffer);
      slot.buffer = undefined;
    }
  }
}

/** Assigns slots to the tensors of one pass while it is recorded. */
export class SlotPlan {
  /** Bytes that the pass needs in each slot. */
  readonly needed: Map<Slot, number> = new Map();
  readonly #pool: SlotPool;
  readonly #taken: boolean[] = [];
  readonly #index = new Map<Slot, number>();

  constructor(pool: SlotPool) {
    this.#pool = pool;
  }

  take(byteLength: number): Slot {
    let index = this.#taken.indexOf(false);
    if (index === -1) index = this.#taken.length;
    this.#taken[index] = true;
    const slot = this.#pool.at(index);
    this.#index.set(slot, index);
    this.needed.set(slot, Math.max(byteLength, this.needed.get(slot) ?? 0));
    return slot;
  }

  release(slot: Slot): void {
    const index = this.#index.get(slot);
    if (index !== undefined) this.#taken[index] = false;
  }
}
