import { embedTexts } from "@ripvec/core";
import type { IndexedChunk, IndexProgress, SourceText } from "../protocol.js";
import { ChunkMap, type SendReport } from "./chunk-map.js";
import { type Chunk, type ChunkLimits, chunkText } from "./chunk-text.js";
import { Reading } from "./reading.js";
import { Searcher } from "./searcher.js";
import type { Session } from "./session.js";
import { VectorIndex } from "./vector-index.js";

/** Small enough that a hit shows where to read. */
const chunkTokens = 128;
const overlapTokens = 24;
const reportEveryMs = 100;

/** The chunks of texts under one model: indexed, searched, and placed on a map. */
export class Library {
  readonly #session: Session;
  readonly #index: VectorIndex;
  readonly #send: SendReport;
  readonly searcher: Searcher;
  readonly #map: ChunkMap;
  /** Chunks that can be found and were not reported yet. */
  #fresh: IndexedChunk[] = [];

  constructor(session: Session, send: SendReport, onSearchError: (error: unknown) => void) {
    this.#session = session;
    this.#index = new VectorIndex(session.backend.dim);
    this.#send = send;
    this.#map = new ChunkMap(this.#index, send);
    const onHits: SendReport = (hits) => {
      this.#reportChunks();
      send(hits);
    };
    this.searcher = new Searcher(session, this.#index, onHits, onSearchError);
  }

  /**
   * Indexes texts while `take` returns any, and reports chunks as soon as they can be found.
   * `charactersLeft` counts the characters of texts that were not taken yet. Rejects with the
   * signal's reason when aborted; chunks that were indexed stay.
   */
  async add(
    take: () => SourceText | undefined,
    charactersLeft: () => number,
    signal: AbortSignal,
  ): Promise<IndexProgress> {
    const { backend, tokenizer, prompts } = this.#session;
    const reading = new Reading(take, (text) => this.#chunks(text));
    const run = { start: performance.now(), chunks: 0, tokens: 0, characters: 0 };
    let reported = run.start;
    const progress = (): IndexProgress => ({
      fraction: run.characters / Math.max(1, reading.characters + charactersLeft()),
      chunks: run.chunks,
      tokens: run.tokens,
      seconds: (performance.now() - run.start) / 1000,
    });
    const report = () => {
      reported = performance.now();
      if (this.#fresh.length > 0) {
        this.#reportChunks();
        this.searcher.repeat();
      }
      this.#send({ kind: "progress", progress: progress() });
    };
    report();
    try {
      const options = { signal, prompt: prompts.text };
      for await (const row of embedTexts(backend, tokenizer, reading.texts(), options)) {
        const { chunk, characters } = reading.given(row.index);
        this.#index.add(row.embedding);
        this.#fresh.push(chunk);
        run.chunks++;
        run.tokens += row.tokens;
        run.characters = characters;
        if (performance.now() - reported >= reportEveryMs) report();
      }
    } finally {
      report();
      this.#map.refit();
    }
    return progress();
  }

  #chunks({ text }: SourceText): Generator<Chunk> {
    const { tokenizer, backend, prompts } = this.#session;
    const count = (words: string) => tokenizer.encode(words).inputIds.length;
    const special = count("");
    const available = backend.maxTokens - count(prompts.text);
    const maxTokens = Math.max(8, Math.min(chunkTokens, available));
    const limits: ChunkLimits = {
      maxTokens,
      overlapTokens: Math.min(overlapTokens, maxTokens >> 2),
    };
    return chunkText(text, (words) => count(words) - special, limits);
  }

  #reportChunks(): void {
    if (this.#fresh.length === 0) return;
    this.#send({ kind: "chunks", chunks: this.#fresh });
    this.#fresh = [];
    this.#map.extend();
  }
}
