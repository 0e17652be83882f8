import type { IndexedChunk } from "../protocol.js";

/** A text that is indexed, as the page lists it. */
export interface NamedText {
  readonly chunks: number;
  /** Hue of its dots, in degrees. */
  readonly hue: number;
}

/** Neighbours in the list get distant hues. */
const goldenAngle = 137.508;

/** The chunks that can be found, by id. */
export class ChunkList {
  #chunks: IndexedChunk[] = [];
  readonly #texts = new Map<string, { chunks: number; hue: number }>();

  get length(): number {
    return this.#chunks.length;
  }

  add(chunks: readonly IndexedChunk[]): void {
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      const text = this.#texts.get(chunk.name);
      if (text) text.chunks++;
      else this.#texts.set(chunk.name, { chunks: 1, hue: (this.#texts.size * goldenAngle) % 360 });
    }
  }

  clear(): void {
    this.#chunks = [];
    this.#texts.clear();
  }

  get(id: number): IndexedChunk | undefined {
    return this.#chunks[id];
  }

  hueOf(id: number): number {
    return this.#texts.get(this.#chunks[id]?.name ?? "")?.hue ?? 0;
  }

  text(name: string): NamedText | undefined {
    return this.#texts.get(name);
  }
}
