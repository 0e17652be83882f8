import type { Report } from "../protocol.js";
import { fitProjection, type Projection, project } from "./pca.js";
import type { VectorIndex } from "./vector-index.js";

export type SendReport = (report: Report, transfer?: Transferable[]) => void;

/** Axes are found again when there are so many times the chunks of the last time. */
const refitAt = 1.5;

/** Keeps the places of all chunks on a map while an index grows. */
export class ChunkMap {
  readonly #index: VectorIndex;
  readonly #send: SendReport;
  #projection: Projection | undefined;
  /** Chunks that the axes were found from. */
  #fitted = 0;
  /** Chunks whose places were sent. */
  #placed = 0;

  constructor(index: VectorIndex, send: SendReport) {
    this.#index = index;
    this.#send = send;
  }

  /** Places the chunks that are new; all of them where so many are new that the axes no longer fit. */
  extend(): void {
    const { rows, dim, count } = this.#index;
    if (!this.#projection || count >= this.#fitted * refitAt) this.refit();
    else if (count > this.#placed) {
      this.#sendPoints(this.#placed, project(rows, dim, this.#placed, this.#projection));
    }
  }

  /** Places all chunks on the axes that fit them. */
  refit(): void {
    const { rows, dim, count } = this.#index;
    if (count === this.#fitted) return;
    this.#projection = fitProjection(rows, dim, this.#projection);
    this.#fitted = count;
    this.#sendPoints(0, project(rows, dim, 0, this.#projection));
  }

  #sendPoints(first: number, points: Float32Array): void {
    this.#placed = this.#index.count;
    this.#send({ kind: "map", first, points }, [points.buffer]);
  }
}
