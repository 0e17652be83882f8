import type { Hit } from "../protocol.js";
import type { ChunkList } from "./chunk-list.js";
import { byId, make } from "./elements.js";
import { drawMap } from "./map-drawing.js";
import { type Direction, MapLayout } from "./map-layout.js";

/** Maximum distance of the pointer from a dot, in CSS pixels. */
const reach = 24;

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export interface MapEvents {
  /** The chunk under the pointer, or the one selected by the arrow keys. */
  onPoint(chunk: number | undefined): void;
  /** Called for Enter and for a click. */
  onOpen(chunk: number): void;
}

/**
 * The map of all chunks. `data-points`, `data-hits` and `data-current` of its frame describe what
 * it shows.
 */
export class MapView {
  readonly #frame = byId("map", HTMLDivElement);
  readonly #canvas = byId("map-canvas", HTMLCanvasElement);
  readonly #box = byId("map-chunk", HTMLDivElement);
  readonly #chunks: ChunkList;
  readonly #events: MapEvents;
  #points = new Float32Array();
  #hits: readonly Hit[] = [];
  #current: number | undefined;
  #layout = new MapLayout(this.#points, 0, 0);
  #scheduled = false;

  constructor(chunks: ChunkList, events: MapEvents) {
    this.#chunks = chunks;
    this.#events = events;
    new ResizeObserver(() => this.#change()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#change());
    this.#canvas.addEventListener("pointermove", (event) => this.#follow(event));
    this.#canvas.addEventListener("pointerleave", () => this.#point(undefined));
    this.#canvas.addEventListener("click", (event) => {
      this.#follow(event);
      this.#open();
    });
    this.#frame.addEventListener("keydown", (event) => this.#onKey(event));
    this.#describe();
  }

  /** x, y of the chunks from `first` on. */
  place(first: number, points: Float32Array): void {
    const all = new Float32Array(first * 2 + points.length);
    all.set(this.#points.subarray(0, first * 2));
    all.set(points, first * 2);
    this.#points = all;
    this.#change();
  }

  clear(): void {
    this.#points = new Float32Array();
    this.#hits = [];
    this.show(undefined);
    this.#change();
  }

  showHits(hits: readonly Hit[]): void {
    this.#hits = hits;
    this.#change();
  }

  /** Draws a ring around the chunk and shows its text below the map. */
  show(chunk: number | undefined): void {
    if (chunk === this.#current) return;
    this.#current = chunk;
    this.#describe();
    this.#change();
  }

  #point(chunk: number | undefined): void {
    if (chunk === this.#current) return;
    this.show(chunk);
    this.#events.onPoint(chunk);
  }

  #open(): void {
    if (this.#current !== undefined) this.#events.onOpen(this.#current);
  }

  #follow({ offsetX, offsetY }: MouseEvent): void {
    this.#point(this.#layout.nearest({ x: offsetX, y: offsetY }, reach));
  }

  #onKey(event: KeyboardEvent): void {
    const { key } = event;
    const direction = directions[key];
    const start = this.#current ?? this.#hits[0]?.chunk ?? (this.#layout.count > 0 ? 0 : undefined);
    if (key === "Enter") this.#open();
    else if (key === "Escape") this.#point(undefined);
    else if (key === "Home") this.#point(this.#hits[0]?.chunk ?? start);
    else if (direction && start !== undefined) {
      const isFirst = this.#current === undefined;
      this.#point(isFirst ? start : (this.#layout.neighbour(start, direction) ?? start));
    } else return;
    event.preventDefault();
  }

  #describe(): void {
    const chunk = this.#current === undefined ? undefined : this.#chunks.get(this.#current);
    if (!chunk) {
      this.#box.replaceChildren(make("p", "quiet", "Point at a dot to read its chunk."));
      return;
    }
    const where = make("p", "where", `${chunk.name}, line ${chunk.line}`);
    this.#box.replaceChildren(where, make("p", "", chunk.text));
  }

  #change(): void {
    const data = this.#frame.dataset;
    data.points = String(this.#points.length / 2);
    data.hits = this.#hits.map(({ chunk }) => chunk).join(" ");
    data.current = String(this.#current ?? "");
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (!context || clientWidth === 0) return;
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * scale);
    this.#canvas.height = Math.round(clientHeight * scale);
    context.scale(scale, scale);
    this.#layout = new MapLayout(this.#points, clientWidth, clientHeight);
    drawMap(context, {
      layout: this.#layout,
      hits: this.#hits,
      current: this.#current,
      hueOf: (id) => this.#chunks.hueOf(id),
    });
  }
}
