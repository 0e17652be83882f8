import type { Hit } from "../protocol.js";

/** Vectors of length 1 in one array: `rows` is [count, dim]. */
export class VectorIndex {
  readonly dim: number;
  #data: Float32Array;
  #count = 0;

  constructor(dim: number, capacity = 256) {
    this.dim = dim;
    this.#data = new Float32Array(dim * capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** A view, valid until the next `add`. */
  get rows(): Float32Array {
    return this.#data.subarray(0, this.#count * this.dim);
  }

  /** Adds a copy, scaled to length 1; a zero vector stays zero. */
  add(vector: Float32Array): void {
    const at = this.#count * this.dim;
    if (at === this.#data.length) {
      const larger = new Float32Array(this.#data.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.set(unit(vector), at);
    this.#count++;
  }

  /** The `max` nearest by cosine, best first; of equal ones the earlier comes first. */
  nearest(query: Float32Array, max: number): Hit[] {
    const { dim } = this;
    const data = this.#data;
    const wanted = unit(query);
    const best: Hit[] = [];
    for (let chunk = 0, at = 0; chunk < this.#count; chunk++, at += dim) {
      let score = 0;
      for (let i = 0; i < dim; i++) score += (data[at + i] ?? 0) * (wanted[i] ?? 0);
      const last = best[max - 1];
      if (last && score <= last.score) continue;
      const place = best.findIndex((hit) => score > hit.score);
      best.splice(place === -1 ? best.length : place, 0, { chunk, score });
      if (best.length > max) best.pop();
    }
    return best;
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
