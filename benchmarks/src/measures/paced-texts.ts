/** Texts that wait before every slice until it is opened, so that a stream of them pauses there. */
export class PacedTexts implements AsyncIterable<string> {
  readonly #texts: Iterable<string>;
  readonly #sliceTexts: number;
  #opened = 0;
  #wake: () => void = () => {};

  constructor(texts: Iterable<string>, sliceTexts: number) {
    this.#texts = texts;
    this.#sliceTexts = sliceTexts;
  }

  /** Opens one more slice. */
  open(): this {
    this.#opened++;
    this.#wake();
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    let given = 0;
    for (const text of this.#texts) {
      while (given >= this.#opened * this.#sliceTexts) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      yield text;
      given++;
    }
  }
}
