import type { PieceReader } from "../steps.js";
import type { Steps } from "../stream/stage.js";
import type { MergeSpans } from "./merge-spans.js";
import type { WordMerger } from "./merge-word.js";
import type { WordSymbols } from "./word-symbols.js";

/** Number of symbols that are merged together at first. */
const firstLength = 2_048;
/** The most symbols that are merged together, by the length of the longest token. */
const maxMergeLength = (longest: number): number => Math.max(2 * firstLength, 64 * longest);

/** Number of symbols before a border that are encoded again, at first. */
const minDistance = 32;

interface Encoded {
  readonly ids: readonly number[];
  /** Index of each token's first symbol. */
  readonly starts: readonly number[];
}

interface LongWordOptions {
  readonly merger: WordMerger;
  readonly spans: MergeSpans;
  readonly symbols: WordSymbols;
  /** Ids are appended when they are final. */
  readonly ids: number[];
}

/**
 * Byte-pair encoding of a long word, part by part. Merges are applied by rank, and of equal rank
 * from left to right. A list of tokens is therefore the encoding of a word exactly if every two
 * neighbours are the encoding of the text that they cover: as long as no merge has crossed a
 * border, each side is merged in the order in which it would be merged alone, and a merge across
 * the border is the next one there exactly if it is the next one of the two neighbours. Two
 * consequences are used here:
 * 1. Each contiguous part of an encoding is the encoding of the text that it covers.
 * 2. Two encodings that share a token at one position can be joined there: the tokens before it
 *    in the one, and the tokens after it in the other, form an encoding.
 * When the word continues, its encoding has a border in the last `longest` positions of the known
 * text. If, for each of these positions, the encoding up to it shares a token with the encoding of
 * the known text, then the tokens before the first of these shared tokens are final, whatever
 * follows.
 */
export class LongWord implements PieceReader {
  readonly #options: LongWordOptions;
  /** Symbols whose encoding is not final yet. */
  #open: number[] = [];
  #wanted = firstLength;

  constructor(options: LongWordOptions) {
    this.#options = options;
  }

  *add(text: string): Steps {
    const { symbols } = this.#options;
    symbols.add(text);
    for (const symbol of symbols.take()) this.#open.push(symbol);
    if (this.#open.length >= this.#wanted) yield* this.#emitFinal();
  }

  *end(): Steps {
    const { symbols, merger, ids } = this.#options;
    for (const symbol of symbols.end()) this.#open.push(symbol);
    const { ids: found } = yield* merger.mergeLong(this.#open);
    for (const id of found) ids.push(id);
  }

  /** Encodes the open symbols as far as the result is final. */
  *#emitFinal(): Steps {
    const { spans, merger, ids } = this.#options;
    const count = this.#open.length;
    const longest = yield* spans.longest();
    if (longest === undefined) {
      this.#wanted = Infinity;
      return;
    }
    const found = yield* merger.mergeLong(this.#open);
    const index = yield* this.#certainIndex(found, longest);
    if (index === 0) {
      this.#wanted = Math.max(2 * count, this.#wanted);
      return;
    }
    for (const id of found.ids.slice(0, index)) ids.push(id);
    this.#open = this.#open.slice(found.starts[index]);
    const wanted = Math.min(2 * this.#wanted, maxMergeLength(longest));
    this.#wanted = Math.max(wanted, 2 * this.#open.length);
  }

  /** The tokens before this index are final. */
  *#certainIndex(found: Encoded, longest: number): Generator<undefined, number, undefined> {
    const count = this.#open.length;
    let certain = found.starts.length;
    for (let border = count - longest + 1; border < count && certain > 0; border++) {
      certain = Math.min(certain, yield* this.#sharedIndex(found, border));
    }
    return certain;
  }

  /**
   * Index of a token that the encoding up to `border` has at the same position; 0 when there is
   * none after the first.
   */
  *#sharedIndex({ ids, starts }: Encoded, border: number): Generator<undefined, number, undefined> {
    for (let distance = minDistance; ; distance *= 2) {
      const index = starts.findLastIndex((start) => start <= border - distance);
      if (index <= 0) return 0;
      const end = yield* this.#options.merger.mergeLong(this.#open.slice(starts[index], border));
      if (end.ids[0] === ids[index]) return index;
    }
  }
}
