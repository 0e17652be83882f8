export interface Ranked<T> {
  readonly score: number;
  readonly item: T;
}

/** Keeps the best `count` items of a stream; of equal scores, the earlier one ranks higher. */
export class TopRanked<T> {
  readonly #count: number;
  readonly #best: Ranked<T>[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  add(score: number, item: T): void {
    const best = this.#best;
    const last = best.at(-1);
    if (Number.isNaN(score)) return;
    if (best.length >= this.#count && (!last || score <= last.score)) return;
    best.splice(this.#placeOf(score), 0, { score, item });
    if (best.length > this.#count) best.pop();
  }

  /** The items, best first. */
  ranked(): readonly Ranked<T>[] {
    return this.#best;
  }

  /** The first index with a lower score. */
  #placeOf(score: number): number {
    let low = 0;
    let high = this.#best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#best[middle]?.score ?? Number.NEGATIVE_INFINITY) < score) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
