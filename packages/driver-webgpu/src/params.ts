/** The parameters of all dispatches of a pass: one block of `step` bytes for each. */
export class Params {
  readonly step: number;
  #words = new Uint32Array(1024);
  #floats = new Float32Array(this.#words.buffer);
  #used = 0;

  constructor(step: number) {
    this.step = step;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#words.buffer, 0, this.#used * 4);
  }

  add(numbers: readonly number[], floats: readonly number[]): void {
    const words = this.step / 4;
    if (this.#used + words > this.#words.length) this.#grow();
    this.#words.set(numbers, this.#used);
    this.#floats.set(floats, this.#used + numbers.length);
    this.#used += words;
  }

  #grow(): void {
    const words = new Uint32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    this.#floats = new Float32Array(words.buffer);
  }
}
