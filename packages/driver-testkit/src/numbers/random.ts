/**
 * Seeded random numbers. They are the same on every machine, since they use only integer arithmetic, additions and one
 * product, and no function whose result depends on the JavaScript engine, such as log or cos.
 */
export class Random {
  #state: number;

  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < seed.length; i++) {
      hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    }
    this.#state = hash;
  }

  /** 32 random bits: a scrambled counter. */
  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  }

  /** A number from 0 up to, and excluding, 1. */
  uniform(): number {
    return this.#next() / 2 ** 32;
  }

  /** An integer in 0 … below − 1. */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** The sum of eight uniform 16-bit numbers, scaled to mean 0 and deviation 1. Its magnitude is below 4.9. */
  normal(): number {
    let sum = 0;
    for (let draw = 0; draw < 4; draw++) {
      const word = this.#next();
      sum += (word >>> 16) + (word & 0xffff);
    }
    return (sum - sumMean) * sumScale;
  }

  /** `size` normal numbers around `mean`. */
  normals(size: number, deviation = 1, mean = 0): Float32Array {
    const values = new Float32Array(size);
    for (let i = 0; i < size; i++) values[i] = mean + deviation * this.normal();
    return values;
  }

  /** `size` integers in 0 … below − 1. */
  integers(size: number, below: number): Int32Array {
    return Int32Array.from({ length: size }, () => this.integer(below));
  }
}

const sumMean = 4 * 65535;
const sumScale = 1 / Math.sqrt((8 * (65536 ** 2 - 1)) / 12);
