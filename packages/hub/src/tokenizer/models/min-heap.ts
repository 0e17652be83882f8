/** A binary heap of numbers; `pop` returns the smallest. */
export class MinHeap {
  #values: Float64Array = new Float64Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    if (this.#size === this.#values.length) {
      const larger = new Float64Array(2 * this.#size);
      larger.set(this.#values);
      this.#values = larger;
    }
    const values = this.#values;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = values[parent] ?? 0;
      if (above <= value) break;
      values[at] = above;
      at = parent;
    }
    values[at] = value;
  }

  /** Removes and returns the smallest value; 0 when there is none. */
  pop(): number {
    const values = this.#values;
    const smallest = this.#size > 0 ? (values[0] ?? 0) : 0;
    if (this.#size > 0) this.#sink(values[--this.#size] ?? 0);
    return smallest;
  }

  /** Replaces the first value. */
  #sink(value: number): void {
    const values = this.#values;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && (values[child + 1] ?? 0) < (values[child] ?? 0)) child++;
      const below = values[child] ?? 0;
      if (value <= below) break;
      values[at] = below;
      at = child;
    }
    values[at] = value;
  }
}
