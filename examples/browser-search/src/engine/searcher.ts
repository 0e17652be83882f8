import { embedTexts } from "@ripvec/core";
import type { Report } from "../protocol.js";
import type { Session } from "./session.js";
import type { VectorIndex } from "./vector-index.js";

const maxHits = 10;

export type HitsReport = Extract<Report, { kind: "hits" }>;

/** Answers the latest query; earlier ones that still wait are dropped. */
export class Searcher {
  readonly #session: Session;
  readonly #index: VectorIndex;
  #wanted = "";
  #busy = false;
  #last:
    | { readonly query: string; readonly vector: Float32Array; readonly embedMs: number }
    | undefined;
  readonly #onHits: (report: HitsReport) => void;
  readonly #onError: (error: unknown) => void;

  constructor(
    session: Session,
    index: VectorIndex,
    onHits: (report: HitsReport) => void,
    onError: (error: unknown) => void,
  ) {
    this.#session = session;
    this.#index = index;
    this.#onHits = onHits;
    this.#onError = onError;
  }

  /** A blank query has no hits. */
  async ask(query: string): Promise<void> {
    this.#wanted = query.trim();
    this.#last = undefined;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#isWaiting()) await this.#embed(this.#wanted);
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#busy = false;
    }
  }

  /** Compares the query with the chunks indexed so far. */
  repeat(): void {
    if (!this.#last) return;
    const { query, vector, embedMs } = this.#last;
    const start = performance.now();
    const hits = this.#index.nearest(vector, maxHits);
    const compareMs = performance.now() - start;
    const compared = this.#index.count;
    this.#onHits({ kind: "hits", query, hits, compared, embedMs, compareMs });
  }

  #isWaiting(): boolean {
    return this.#wanted !== "" && this.#wanted !== this.#last?.query;
  }

  async #embed(query: string): Promise<void> {
    const { backend, tokenizer, prompts } = this.#session;
    const start = performance.now();
    const texts = embedTexts(backend, tokenizer, [query], { prompt: prompts.query });
    const { value } = await texts.next();
    if (!value || query !== this.#wanted) return;
    const vector = value.embedding;
    this.#last = { query, vector, embedMs: performance.now() - start };
    this.repeat();
  }
}
