import type { MergeTable } from "./merge-table.js";
import { MinHeap } from "./min-heap.js";

/** Positions in a word are below this, so that a rank and a position fit into one exact number. */
const places = 2 ** 29;

/** The most merges of a model: rank × positions + position stays below 2^53. */
export const maxMerges: number = 2 ** 24;

/** Marks a symbol that was merged into its left neighbour. */
const absorbed = -1;

/** Symbols, or merges, after which a long word pauses. */
const stepLength = 2_048;

/** Words up to this length that are merged in one call share their buffers. */
const shortWord = 1024;

/**
 * Merges neighbouring ids of words, the lowest rank first and of equal ranks the leftmost, until no
 * merge applies.
 */
export class WordMerger {
  readonly #merges: MergeTable;
  readonly #shared: Buffers = createBuffers(shortWord);

  constructor(merges: MergeTable) {
    this.#merges = merges;
  }

  /**
   * Merges `symbols` and appends the result to `ids`. Takes time n log n in the length of the word.
   */
  merge(symbols: readonly number[], ids: number[]): void {
    const count = symbols.length;
    const buffers = count <= shortWord ? this.#shared : createBuffers(count);
    const word: Word = { ...buffers, count, filled: 0 };
    this.#fill(word, symbols, count);
    this.#mergeSome(word, Infinity);
    for (const place of placesOf(word)) ids.push(word.current[place] ?? 0);
  }

  /**
   * The same for a long word, with pauses: returns the ids, and the index of each one's first
   * symbol.
   */
  *mergeLong(
    symbols: readonly number[],
  ): Generator<undefined, { ids: number[]; starts: number[] }, undefined> {
    const count = symbols.length;
    const word: Word = { ...createBuffers(count), count, filled: 0 };
    while (word.filled < word.count) {
      this.#fill(word, symbols, word.filled + stepLength);
      yield;
    }
    while (word.queue.size > 0) {
      this.#mergeSome(word, stepLength);
      yield;
    }
    const starts = placesOf(word);
    return { ids: starts.map((place) => word.current[place] ?? 0), starts };
  }

  #fill(word: Word, symbols: readonly number[], to: number): void {
    const { current, next, previous } = word;
    const end = Math.min(to, word.count);
    for (let place = word.filled; place < end; place++) {
      current[place] = symbols[place] ?? 0;
      next[place] = place + 1;
      previous[place] = place - 1;
      if (place > 0) this.#offer(word, place - 1, place);
    }
    word.filled = end;
  }

  #mergeSome(word: Word, limit: number): void {
    const { current, next, previous, queue, count } = word;
    for (let done = 0; queue.size > 0 && done < limit; done++) {
      const top = queue.pop();
      const left = top % places;
      const right = next[left] ?? count;
      if (current[left] === absorbed || right === count) continue;
      const result = this.#merges.resultOf((top - left) / places);
      // The symbols may have been merged since the entry was made.
      if (this.#resultAt(word, left, right) !== result) continue;

      current[left] = result;
      current[right] = absorbed;
      const after = next[right] ?? count;
      next[left] = after;
      if (after < count) previous[after] = left;
      const before = previous[left] ?? -1;
      if (before >= 0) this.#offer(word, before, left);
      if (after < count) this.#offer(word, left, after);
    }
  }

  #offer({ current, queue }: Buffers, left: number, right: number): void {
    const rank = this.#merges.rankOf(current[left] ?? 0, current[right] ?? 0);
    if (rank >= 0) queue.push(rank * places + left);
  }

  #resultAt({ current }: Buffers, left: number, right: number): number {
    const rank = this.#merges.rankOf(current[left] ?? 0, current[right] ?? 0);
    return rank < 0 ? -1 : this.#merges.resultOf(rank);
  }
}

/** The symbols of a word as a doubly linked list, and the queue of possible merges. */
interface Buffers {
  readonly current: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly queue: MinHeap;
}

interface Word extends Buffers {
  readonly count: number;
  /** Symbols that are in the buffers. */
  filled: number;
}

/** Positions of the symbols that remain. */
function placesOf({ next, count }: Word): number[] {
  const left: number[] = [];
  for (let place = 0; place < count; place = next[place] ?? count) left.push(place);
  return left;
}

function createBuffers(length: number): Buffers {
  return {
    current: new Int32Array(length),
    next: new Int32Array(length),
    previous: new Int32Array(length),
    queue: new MinHeap(),
  };
}
