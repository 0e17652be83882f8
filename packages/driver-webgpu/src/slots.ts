import {
  type BufferSource,
  type Buffers,
  type DeviceBuffer,
  roomFor,
  storageUsage,
} from "./buffers.js";

/** A place for tensors of passes. Its buffer is made, and grows, when a pass is encoded. */
export class Slot implements BufferSource {
  buffer: DeviceBuffer | undefined;
}

/**
 * The slots of a driver. All passes share them, for the device runs passes in order. A pass takes the
 * free slot of the lowest number whatever the size, so the same ops lead to the same slots and bind
 * groups, and each slot grows to the largest tensor that ever lay there.
 */
export class SlotPool {
  readonly #buffers: Buffers;
  readonly #most: number;
  readonly #slots: Slot[] = [];

  /** `most`: bytes of the largest buffer. */
  constructor(buffers: Buffers, most: number) {
    this.#buffers = buffers;
    this.#most = most;
  }

  at(index: number): Slot {
    this.#slots[index] ??= new Slot();
    return this.#slots[index];
  }

  /** Gives the slot a buffer of at least `byteLength`. */
  ensure(slot: Slot, byteLength: number): void {
    if (slot.buffer && slot.buffer.byteLength >= byteLength) return;
    if (slot.buffer) this.#buffers.destroy(slot.buffer);
    slot.buffer = this.#buffers.create(roomFor(byteLength, this.#most), storageUsage);
  }

  /** After an error of the device: some buffers may be invalid. */
  drop(): void {
    for (const slot of this.#slots) {
      if (slot.buffer) this.#buffers.destroy(slot.buffer);
      slot.buffer = undefined;
    }
  }
}

/** Which slots one pass uses, while it is recorded. */
export class SlotPlan {
  /** Bytes that the pass needs of each slot. */
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
