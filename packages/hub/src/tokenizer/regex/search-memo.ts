/** Values per page, and the most values that are kept. */
const pageSize = 2 ** 16;
const maxValues = 2 ** 26;

/** Stands for a value that is not known. */
export const unknown = -2;

/** Numbers from -1 up by keys from 0 up, stored in pages. Pages of low keys can be discarded. */
export class SearchMemo {
  readonly #pageSize: number;
  readonly #pages: (Int32Array | undefined)[] = [];
  #lowest = 0;
  #count = 0;

  /** `count`: keys are below this number. */
  constructor(count: number) {
    this.#pageSize = Math.min(pageSize, count);
  }

  /** Whether its pages take up the largest number of values that may be kept. */
  get isFull(): boolean {
    return this.#count * this.#pageSize >= maxValues;
  }

  /** The value, or `unknown`. */
  get(key: number): number {
    const page = this.#pages[Math.floor(key / this.#pageSize)];
    return (page?.[key % this.#pageSize] ?? 0) + unknown;
  }

  set(key: number, value: number): void {
    const index = Math.floor(key / this.#pageSize);
    const page = this.#pages[index] ?? this.#addPage(index);
    page[key % this.#pageSize] = value - unknown;
  }

  /** Discards pages that end before the page before that of a key. */
  forgetBefore(key: number): void {
    const end = Math.floor(key / this.#pageSize) - 1;
    for (; this.#lowest < end; this.#lowest++) {
      if (this.#pages[this.#lowest]) this.#count--;
      this.#pages[this.#lowest] = undefined;
    }
  }

  #addPage(index: number): Int32Array {
    const page = new Int32Array(this.#pageSize);
    this.#pages[index] = page;
    this.#count++;
    return page;
  }
}
