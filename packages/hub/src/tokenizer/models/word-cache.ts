/** Number of words in the cache, and their largest length in UTF-16 units. */
const maxWords = 10_000;
const maxLength = 100;

/** Caches the ids of words, because texts repeat words. */
export class WordCache {
  readonly #words = new Map<string, readonly number[]>();

  /** Appends the ids of a word to `ids`; `find` computes them when they are not cached. */
  append(word: string, ids: number[], find: () => readonly number[]): void {
    let found = this.#words.get(word);
    if (found === undefined) {
      found = find();
      if (word.length <= maxLength) {
        if (this.#words.size === maxWords) this.#words.clear();
        this.#words.set(word, found);
      }
    }
    for (const id of found) ids.push(id);
  }
}
