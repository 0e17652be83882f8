import type { IndexedChunk, SourceText } from "../protocol.js";
import type { Chunk } from "./chunk-text.js";

interface Given {
  readonly chunk: IndexedChunk;
  /** Characters of all texts that this reading took, up to the end of the chunk. */
  readonly characters: number;
}

/** Splits texts while chunks are requested, and keeps the chunks that wait for their vectors. */
export class Reading {
  readonly #take: () => SourceText | undefined;
  readonly #cut: (text: SourceText) => Generator<Chunk>;
  readonly #waiting = new Map<number, Given>();
  #count = 0;
  /** Number of characters of the texts taken. */
  characters = 0;

  constructor(take: () => SourceText | undefined, cut: (text: SourceText) => Generator<Chunk>) {
    this.#take = take;
    this.#cut = cut;
  }

  *texts(): Generator<string> {
    for (let text = this.#take(); text; text = this.#take()) {
      const before = this.characters;
      this.characters += text.text.length;
      for (const { text: words, line, end } of this.#cut(text)) {
        const chunk = { name: text.name, line, text: words };
        this.#waiting.set(this.#count++, { chunk, characters: before + end });
        yield words;
      }
    }
  }

  /** Called once for every text. */
  given(index: number): Given {
    const given = this.#waiting.get(index);
    if (!given) throw new RangeError(`chunk ${index} was not yielded`);
    this.#waiting.delete(index);
    return given;
  }
}
