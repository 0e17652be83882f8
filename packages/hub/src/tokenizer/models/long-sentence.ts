import type { PieceReader } from "../steps.js";
import type { Steps } from "../stream/stage.js";
import type { Trie } from "../trie.js";
import { sizeAt } from "../unicode/size-at.js";

/** Number of positions that are processed before the paths to them are compared. */
const emitFinalEvery = 1_024;
/** Units of tokens, or ids, that are processed before a pause. */
const stepLength = 2_048;

export interface UnigramVocabulary {
  readonly trie: Trie;
  readonly size: number;
  readonly scores: Float64Array;
  readonly unknown: number;
  readonly unknownScore: number;
  /** Length of the longest token, in UTF-16 units. */
  readonly longest: number;
}

/** How a Unigram model writes unknown characters. */
export interface UnknownRule {
  /** Ids of the bytes of a text; undefined when a byte has no id. */
  readonly bytesOf: (text: string) => readonly number[] | undefined;
  /** Whether every byte has an id. */
  readonly hasAllBytes: boolean;
}

/**
 * Unigram of a long piece, part by part. Every segmentation of the whole passes through one of the
 * positions that are reached now and lie at or after the next start. When the best paths to these
 * positions share a position, the path up to it is final.
 */
export class LongSentence implements PieceReader {
  readonly #vocabulary: UnigramVocabulary;
  readonly #rule: UnknownRule;
  readonly #ids: number[];
  /** The text from the last final position on. */
  #text = "";
  /**
   * By position in `#text`: the score of the best path to it, counted from the start of the piece,
   * and that path's last token.
   */
  #best: number[] = [0];
  #starts: number[] = [-1];
  #tokens: number[] = [-1];
  /** The next position to start from. */
  #at = 0;
  /** Units of tokens that were processed since the last pause. */
  #looked = 0;
  #emitFinalAt = emitFinalEvery;
  /**
   * Consecutive unknown characters that are not written yet: their text, until it is longer than
   * every token.
   */
  #run = "";
  #isLongRun = false;
  /** The ids of the bytes of a long run; undefined when a byte has no id. */
  #runBytes: number[] | undefined;

  constructor(vocabulary: UnigramVocabulary, rule: UnknownRule, ids: number[]) {
    this.#vocabulary = vocabulary;
    this.#rule = rule;
    this.#ids = ids;
  }

  *add(text: string): Steps {
    this.#append(text);
    yield* this.#walk(false);
  }

  *end(): Steps {
    yield* this.#walk(true);
    yield* this.#write(this.#text.length);
    yield* this.#writeRun();
  }

  #append(text: string): void {
    this.#text += text;
    for (let i = 0; i < text.length; i++) {
      this.#best.push(0);
      this.#starts.push(-1);
      this.#tokens.push(-1);
    }
  }

  *#walk(isWhole: boolean): Steps {
    while (this.#at < this.#text.length) {
      const end = this.#offerFrom(this.#at, isWhole);
      if (end === undefined) return;
      this.#at = end;
      if (this.#at >= this.#emitFinalAt) yield* this.#emitFinal();
      if (this.#looked < stepLength) continue;
      this.#looked = 0;
      yield;
    }
  }

  /**
   * Offers all tokens that begin at `start`. Returns the next start; undefined when a token may
   * continue beyond the end of the text.
   */
  #offerFrom(start: number, isWhole: boolean): number | undefined {
    const { trie, scores, unknown, unknownScore } = this.#vocabulary;
    const text = this.#text;
    const next = start + sizeAt(text, start);
    let covered = false;
    let node = 0;
    let at = start;
    while (at < text.length) {
      node = trie.step(node, text.charCodeAt(at++));
      if (node === 0) break;
      const token = trie.valueAt(node);
      if (token < 0) continue;
      this.#offer(start, at, token, scores[token] ?? 0);
      covered ||= at === next;
    }
    this.#looked += at - start;
    if (node !== 0 && !isWhole) return undefined;
    if (!covered) this.#offer(start, next, unknown, unknownScore);
    return next;
  }

  #offer(start: number, end: number, token: number, score: number): void {
    const sum = score + (this.#best[start] ?? 0);
    if (this.#starts[end] !== -1 && sum <= (this.#best[end] ?? 0)) return;
    this.#best[end] = sum;
    this.#starts[end] = start;
    this.#tokens[end] = token;
  }

  /** Writes the ids that are final and discards their state. */
  *#emitFinal(): Steps {
    const place = this.#commonPlace();
    if (place > 0) {
      yield* this.#write(place);
      this.#text = this.#text.slice(place);
      this.#best = this.#best.slice(place);
      this.#starts = this.#starts.slice(place).map((start) => Math.max(start - place, -1));
      this.#tokens = this.#tokens.slice(place);
      this.#at -= place;
      this.#emitFinalAt = this.#at + emitFinalEvery;
    } else this.#emitFinalAt = 2 * this.#at;
  }

  /** The last position that is on the best paths to all positions at or after `#at`. */
  #commonPlace(): number {
    const places = new Set([this.#at]);
    for (let place = this.#at + 1; place < this.#starts.length; place++) {
      if (this.#starts[place] !== -1) places.add(place);
    }
    let last = this.#starts.length - 1;
    for (; places.size > 1; last--) {
      if (places.delete(last)) places.add(this.#starts[last] ?? 0);
    }
    const [common = 0] = places;
    return common;
  }

  /** Writes the ids of the best path to `end`. */
  *#write(end: number): Steps {
    const ends: number[] = [];
    for (let place = end; place > 0; place = this.#starts[place] ?? 0) ends.push(place);
    let start = 0;
    for (const [steps, place] of ends.reverse().entries()) {
      const token = this.#tokens[place] ?? 0;
      if (token === this.#vocabulary.unknown) this.#addToRun(this.#text.slice(start, place));
      else {
        yield* this.#writeRun();
        this.#ids.push(token);
      }
      start = place;
      if (steps % stepLength === 0) yield;
    }
  }

  #addToRun(character: string): void {
    this.#run += character;
    if (!this.#isLongRun && this.#run.length <= this.#vocabulary.longest) return;
    if (!this.#isLongRun) this.#runBytes = [];
    this.#isLongRun = true;
    const bytes = this.#runBytes && this.#rule.bytesOf(this.#run);
    this.#run = "";
    const target = this.#rule.hasAllBytes ? this.#ids : this.#runBytes;
    if (bytes) for (const id of bytes) target?.push(id);
    else this.#runBytes = undefined;
  }

  *#writeRun(): Steps {
    const [run, isLong, bytes] = [this.#run, this.#isLongRun, this.#runBytes];
    this.#run = "";
    this.#isLongRun = false;
    const { trie, unknown } = this.#vocabulary;
    if (isLong) {
      if (bytes === undefined) this.#ids.push(unknown);
      for (const [steps, id] of (bytes ?? []).entries()) {
        this.#ids.push(id);
        if (steps % stepLength === 0) yield;
      }
    } else if (run !== "") {
      const id = trie.get(run);
      const ids = (id === undefined ? this.#rule.bytesOf(run) : undefined) ?? [id ?? unknown];
      for (const each of ids) this.#ids.push(each);
    }
  }
}
