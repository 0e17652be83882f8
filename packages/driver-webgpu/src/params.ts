import type { Place } from "./storage.js";

/** Numbers under the names that the kernel gives them. */
export type ParameterValues = Readonly<Record<string, number>>;

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

  /** The block of one dispatch: where its bindings start, then its numbers, in the order of their names. */
  add(places: readonly Place[], numbers: ParameterValues, floats: ParameterValues): void {
    const words = this.step / 4;
    if (this.#used + words > this.#words.length) this.#grow();
    let at = this.#used;
    for (const { offset } of places) this.#words[at++] = offset;
    for (const name in numbers) this.#words[at++] = numbers[name] as number;
    for (const name in floats) this.#floats[at++] = floats[name] as number;
    this.#used += words;
  }

  #grow(): void {
    const words = new Uint32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    this.#floats = new Float32Array(words.buffer);
  }
}
