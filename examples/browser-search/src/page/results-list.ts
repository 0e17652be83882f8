import type { Hit } from "../protocol.js";
import type { ChunkList } from "./chunk-list.js";
import { byId, make } from "./elements.js";

export interface ResultsEvents {
  /** The hit that has the focus or the pointer. */
  onPoint(chunk: number | undefined): void;
  /** Called for arrow up on the first hit, and for Escape. */
  onLeave(): void;
}

/** The hits as buttons: arrow keys, Home and End move between them, Enter shows the whole chunk. */
export class ResultsList {
  readonly #list = byId("results", HTMLOListElement);
  readonly #chunks: ChunkList;
  readonly #events: ResultsEvents;
  readonly #buttons = new Map<number, HTMLButtonElement>();
  #hits: readonly Hit[] = [];

  constructor(chunks: ChunkList, events: ResultsEvents) {
    this.#chunks = chunks;
    this.#events = events;
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /**
   * A hit that stays in the list keeps its focus, its open state, and a click that has begun on it.
   */
  show(hits: readonly Hit[]): void {
    const focused = this.#focused();
    this.#hits = hits.filter(({ chunk }) => this.#chunks.get(chunk));
    const kept = new Set(this.#hits.map(({ chunk }) => chunk));
    for (const [chunk, button] of this.#buttons) {
      if (kept.has(chunk)) continue;
      button.parentElement?.remove();
      this.#buttons.delete(chunk);
    }
    this.#hits.forEach((hit, index) => {
      const item = this.#button(hit, index + 1).parentElement;
      const there = this.#list.children[index] ?? null;
      if (item && item !== there) this.#list.insertBefore(item, there);
    });
    this.#makeTabStop(focused ?? this.#hits[0]?.chunk);
    if (focused === undefined) return;
    if (kept.has(focused)) this.#buttons.get(focused)?.focus();
    else if (!this.focusFirst()) this.#events.onLeave();
  }

  /** Whether there was a hit. */
  focusFirst(): boolean {
    return this.#focus(0);
  }

  /** Marks the hit that is pointed at elsewhere. */
  mark(chunk: number | undefined): void {
    for (const [id, button] of this.#buttons) button.classList.toggle("pointed", id === chunk);
  }

  /** Opens a hit and moves the focus to it. Does nothing when the chunk is not a hit. */
  open(chunk: number): void {
    const button = this.#buttons.get(chunk);
    if (!button) return;
    button.ariaExpanded = "true";
    button.focus();
  }

  #focused(): number | undefined {
    return this.#hits.find(({ chunk }) => this.#buttons.get(chunk) === document.activeElement)
      ?.chunk;
  }

  #button({ chunk, score }: Hit, rank: number): HTMLButtonElement {
    const button = this.#buttons.get(chunk) ?? this.#newButton(chunk);
    const [rankBadge, , scoreWords] = button.children;
    if (rankBadge) rankBadge.textContent = String(rank);
    if (scoreWords) scoreWords.textContent = score.toFixed(2);
    return button;
  }

  #newButton(chunk: number): HTMLButtonElement {
    const { name = "", line = 0, text = "" } = this.#chunks.get(chunk) ?? {};
    const score = make("span", "score");
    score.title = "cosine similarity";
    const button = make(
      "button",
      "hit",
      make("span", "rank"),
      make("span", "where", `${name}, line ${line}`),
      score,
      make("span", "words", text),
    );
    button.type = "button";
    button.ariaExpanded = "false";
    button.dataset.chunk = String(chunk);
    button.addEventListener("click", () => {
      button.ariaExpanded = String(button.ariaExpanded !== "true");
    });
    button.addEventListener("focus", () => {
      this.#makeTabStop(chunk);
      this.#events.onPoint(chunk);
    });
    button.addEventListener("pointerenter", () => this.#events.onPoint(chunk));
    button.addEventListener("pointerleave", () => this.#events.onPoint(this.#focused()));
    make("li", "", button);
    this.#buttons.set(chunk, button);
    return button;
  }

  #makeTabStop(chunk: number | undefined): void {
    for (const [id, button] of this.#buttons) button.tabIndex = id === chunk ? 0 : -1;
  }

  #focus(place: number): boolean {
    const hit = this.#hits[place];
    if (hit) this.#buttons.get(hit.chunk)?.focus();
    return hit !== undefined;
  }

  #onKey(event: KeyboardEvent): void {
    const focused = this.#focused();
    const place = this.#hits.findIndex(({ chunk }) => chunk === focused);
    if (place === -1) return;
    const last = this.#hits.length - 1;
    const { key } = event;
    if (key === "ArrowDown") this.#focus(Math.min(place + 1, last));
    else if (key === "ArrowUp" && place > 0) this.#focus(place - 1);
    else if (key === "Home") this.#focus(0);
    else if (key === "End") this.#focus(last);
    else if (key === "Escape" || key === "ArrowUp") this.#events.onLeave();
    else return;
    event.preventDefault();
  }
}
