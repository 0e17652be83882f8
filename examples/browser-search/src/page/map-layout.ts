export interface Place {
  readonly x: number;
  readonly y: number;
}

export type Direction = "left" | "right" | "up" | "down";

const padding = 22;

/** Positions of the points of a map (x, y, x, y …) on a rectangle, in pixels. */
export class MapLayout {
  readonly count: number;
  readonly #places: Float32Array;

  constructor(points: Float32Array, width: number, height: number) {
    this.count = points.length / 2;
    this.#places = new Float32Array(points.length);
    // The screen's y axis points down.
    this.#fit(points, 0, padding, width - padding);
    this.#fit(points, 1, height - padding, padding);
  }

  place(id: number): Place {
    return { x: this.#places[id * 2] ?? 0, y: this.#places[id * 2 + 1] ?? 0 };
  }

  /** The point nearest to a position, within `reach`. */
  nearest({ x, y }: Place, reach: number): number | undefined {
    let best: number | undefined;
    let nearest = reach;
    for (let id = 0; id < this.count; id++) {
      const place = this.place(id);
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance <= nearest) [best, nearest] = [id, distance];
    }
    return best;
  }

  /** The nearest point that lies more in the given direction than to its side. */
  neighbour(from: number, direction: Direction): number | undefined {
    const start = this.place(from);
    let best: number | undefined;
    let nearest = Number.POSITIVE_INFINITY;
    for (let id = 0; id < this.count; id++) {
      const { x, y } = this.place(id);
      const [along, aside] = turned(x - start.x, y - start.y, direction);
      if (along <= 0 || Math.abs(aside) > along) continue;
      const distance = Math.hypot(along, aside);
      if (distance < nearest) [best, nearest] = [id, distance];
    }
    return best;
  }

  #fit(points: Float32Array, axis: 0 | 1, from: number, to: number): void {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let at = axis; at < points.length; at += 2) {
      low = Math.min(low, points[at] ?? 0);
      high = Math.max(high, points[at] ?? 0);
    }
    const span = high - low;
    for (let at = axis; at < points.length; at += 2) {
      const part = span > 0 ? ((points[at] ?? 0) - low) / span : 0.5;
      this.#places[at] = from + part * (to - from);
    }
  }
}

/** Distances along the direction and across it. */
function turned(x: number, y: number, direction: Direction): [number, number] {
  switch (direction) {
    case "left":
      return [-x, y];
    case "right":
      return [x, y];
    case "up":
      return [-y, x];
    case "down":
      return [y, x];
    default:
      return direction satisfies never;
  }
}
