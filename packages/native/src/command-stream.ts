import type { DType, Tensor } from "@ripvec/core/driver";

/**
 * The place of a tensor: the memory of the engine (1 is the arena, 2 the inputs of the pass, and
 * numbers from 3 on are the weights) and the byte offset in it. An absent tensor has space 0.
 */
export interface NativeStorage {
  readonly space: number;
  readonly byteOffset: number;
}

/** The commands of a pass as numbers, in memory that the next pass uses again. */
export class CommandStream {
  #words = new Float64Array(1024);
  #length = 0;

  /** Appends the place of a tensor of this driver; an optional tensor may be absent. */
  tensor(tensor: Tensor<DType, NativeStorage> | undefined): void {
    if (tensor) this.place(tensor.storage);
    else {
      this.number(0);
      this.number(0);
    }
  }

  place({ space, byteOffset }: NativeStorage): void {
    this.number(space);
    this.number(byteOffset);
  }

  number(value: number): void {
    if (this.#length === this.#words.length) {
      const larger = new Float64Array(2 * this.#words.length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#length++] = value;
  }

  /** What was appended; valid until the next append. */
  view(): Float64Array {
    return this.#words.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }
}
