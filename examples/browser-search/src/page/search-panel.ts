import type { Hit, Report } from "../protocol.js";
import type { ChunkList } from "./chunk-list.js";
import { announce, byId } from "./elements.js";
import { counted, duration } from "./format.js";
import { MapView } from "./map-view.js";
import { ResultsList } from "./results-list.js";

type HitsReport = Extract<Report, { kind: "hits" }>;

/** Pauses in typing are shorter than this. Only after it is the count read aloud. */
const restMs = 700;

/** The query, and its hits as a list and on the map. */
export class SearchPanel {
  readonly #query = byId("query", HTMLInputElement);
  readonly #found = byId("found", HTMLParagraphElement);
  readonly #chunks: ChunkList;
  readonly #results: ResultsList;
  readonly map: MapView;
  #hasModel = false;
  #announcing: ReturnType<typeof setTimeout> | undefined;

  constructor(chunks: ChunkList, onQuery: (query: string) => void) {
    this.#chunks = chunks;
    this.map = new MapView(chunks, {
      onPoint: (chunk) => this.#results.mark(chunk),
      onOpen: (chunk) => this.#results.open(chunk),
    });
    this.#results = new ResultsList(chunks, {
      onPoint: (chunk) => this.map.show(chunk),
      onLeave: () => this.#query.focus(),
    });
    this.#query.addEventListener("input", () => {
      if (this.#query.value.trim() === "") this.#show([]);
      this.showState();
      onQuery(this.#query.value);
    });
    this.#query.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && this.#results.focusFirst()) event.preventDefault();
    });
    byId("search-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#results.focusFirst();
    });
    this.showState();
  }

  set hasModel(has: boolean) {
    this.#hasModel = has;
    this.showState();
  }

  /** Hits of an earlier query are shown too, until newer ones arrive. */
  showHits({ query, hits, compared, embedMs, compareMs }: HitsReport): void {
    if (this.#query.value.trim() === "" || compared === 0) return;
    this.#show(hits);
    this.#found.textContent = `${hits.length} nearest of ${counted(compared, "chunk")} · ${duration(embedMs + compareMs)} (embedding the query: ${duration(embedMs)}, comparing: ${duration(compareMs)})`;
    this.#found.dataset.query = query;
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      const first = this.#chunks.get(hits[0]?.chunk ?? -1);
      if (first) announce(`${counted(hits.length, "result")}, the first in ${first.name}`);
    }, restMs);
  }

  clear(): void {
    this.#show([]);
    this.map.clear();
    this.showState();
  }

  /** Shows why there are no hits. */
  showState(): void {
    if (this.#found.dataset.query !== undefined && this.#query.value.trim() !== "") return;
    this.#found.textContent = this.#words();
  }

  #words(): string {
    if (this.#chunks.length > 0) {
      return `${counted(this.#chunks.length, "chunk")} to search. Type a query to see the nearest chunks.`;
    }
    return this.#hasModel
      ? "Nothing is indexed yet: paste a text, or drop files."
      : "No model is loaded yet.";
  }

  #show(hits: readonly Hit[]): void {
    if (hits.length === 0) delete this.#found.dataset.query;
    clearTimeout(this.#announcing);
    this.#results.show(hits);
    this.map.showHits(hits);
  }
}
