import { type BytePath, textOf } from "./byte-path.js";
import { type Chunk, chunkText } from "./chunk.js";
import { isProse } from "./file-kinds.js";
import { readText } from "./read-text.js";
import type { FoundFile, Walk } from "./walk.js";

/** A chunk of a file that waits for its vector. */
export interface Passage extends Chunk {
  readonly path: BytePath;
  readonly isTest: boolean;
}

export interface PassagesOptions {
  /** Estimated tokens of a passage. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

/**
 * Reads files one after the other and cuts them into passages as texts are requested. Texts are
 * numbered in the order in which they are yielded; `take` returns the passage of a number, once.
 */
export class Passages {
  readonly #walk: Walk;
  readonly #maxTokens: number;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<number, Passage>();
  #count = 0;
  #files = 0;
  #bytesRead = 0;

  constructor(walk: Walk, { maxTokens, signal }: PassagesOptions) {
    this.#walk = walk;
    this.#maxTokens = maxTokens;
    this.#signal = signal;
  }

  /** Number of passages cut so far. */
  get count(): number {
    return this.#count;
  }

  /** Number of files with text so far. */
  get files(): number {
    return this.#files;
  }

  /**
   * The part of all passages that `done` passages are. The number in unread files is estimated from
   * their sizes.
   */
  doneFraction(done: number): number {
    if (this.#count === 0) return 0;
    return (done / this.#count) * (this.#bytesRead / Math.max(this.#walk.totalBytes, 1));
  }

  /** The path is put before each text, because file names say what the text is about. */
  async *texts(): AsyncGenerator<string> {
    for (const file of this.#walk.files) {
      for (const chunk of await this.#chunks(file)) {
        this.#waiting.set(this.#count++, { ...chunk, path: file.path, isTest: file.isTest });
        yield `${textOf(file.path)}\n${chunk.text}`;
      }
      this.#bytesRead += file.byteLength;
    }
  }

  take(index: number): Passage {
    const passage = this.#waiting.get(index);
    if (!passage) throw new RangeError(`passage ${index} was already taken or does not exist`);
    this.#waiting.delete(index);
    return passage;
  }

  async #chunks(file: FoundFile): Promise<Iterable<Chunk>> {
    const read = await readText(file, this.#signal);
    const path = textOf(file.path);
    if ("skip" in read) {
      const { skip, detail } = read;
      this.#walk.leftOut.add(skip, { path, detail, named: file.named });
      return [];
    }
    this.#files++;
    return chunkText(read.text, { maxTokens: this.#maxTokens, prose: isProse(path) });
  }
}
