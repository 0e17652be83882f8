import type { MergeTable } from "./merge-table.js";
import { MinHeap } from "./min-heap.js";

/** Places in a word are below this, so that a rank and a place fit into one exact number. */
const places = 2 ** 29;

/** Most merges that a model may have: rank × places + place stays below 2^53. */
export const maxMerges: number = 2 ** 24;

/** Marks a symbol that its left neighbour took in. */
const absorbed = -1;

/** Words up to this length share their buffers. */
const shortWord = 1024;

/** Merges neighbouring ids of words, the lowest rank first and of equal ones the leftmost, until no merge is left. */
export class WordMerger {
  readonly #merges: MergeTable;
  #buffers: Buffers = createBuffers(shortWord);

  constructor(merges: MergeTable) {
    this.#merges = merges;
  }

  /** Appends the ids that stay of `symbols` to `ids`. Takes time n log n in the length of the word. */
  merge(symbols: readonly number[], ids: number[]): void {
    const count = symbols.length;
    const buffers = count <= shortWord ? this.#buffers : createBuffers(count);
    const { current, next, previous, queue } = buffers;
    for (let place = 0; place < count; place++) {
      current[place] = symbols[place] ?? 0;
      next[place] = place + 1;
      previous[place] = place - 1;
      if (place > 0) this.#offer(buffers, place - 1, place);
    }
    while (queue.size > 0) {
      const top = queue.pop();
      const left = top % places;
      const right = next[left] ?? count;
      if (current[left] === absorbed || right === count) continue;
      const result = this.#merges.resultOf((top - left) / places);
      // What stood here when the entry was made may have been merged since.
      if (this.#resultAt(buffers, left, right) !== result) continue;

      current[left] = result;
      current[right] = absorbed;
      const after = next[right] ?? count;
      next[left] = after;
      if (after < count) previous[after] = left;
      const before = previous[left] ?? -1;
      if (before >= 0) this.#offer(buffers, before, left);
      if (after < count) this.#offer(buffers, left, after);
    }
    for (let place = 0; place < count; place = next[place] ?? count) ids.push(current[place] ?? 0);
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

/** The symbols of a word as a list that is linked both ways, and the merges that wait. */
interface Buffers {
  readonly current: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly queue: MinHeap;
}

function createBuffers(length: number): Buffers {
  return {
    current: new Int32Array(length),
    next: new Int32Array(length),
    previous: new Int32Array(length),
    queue: new MinHeap(),
  };
}
