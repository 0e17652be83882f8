import type { Report } from "../protocol.js";
import { fitProjection, type Projection, project } from "./pca.js";
import type { VectorIndex } from "./vector-index.js";

export type SendReport = (report: Report, transfer?: Transferable[]) => void;

/** The axes are recomputed when the number of chunks has grown by this factor. */
const refitAt = 1.5;

/** Keeps the map coordinates of all chunks while an index grows. */
export class ChunkMap {
  readonly #index: VectorIndex;
  readonly #send: SendReport;
  #projection: Projection | undefined;
  /** Number of chunks from which the axes were computed. */
  #fitted = 0;
  /** Number of chunks whose coordinates were sent. */
  #placed = 0;

  constructor(index: VectorIndex, send: SendReport) {
    this.#index = index;
    this.#send = send;
  }

  /** Projects the new chunks; all chunks when so many are new that the axes are recomputed. */
  extend(): void {
    const { rows, dim, count } = this.#index;
    if (!this.#projection || count >= this.#fitted * refitAt) this.refit();
    else if (count > this.#placed) {
      this.#sendPoints(this.#placed, project(rows, dim, this.#placed, this.#projection));
    }
  }

  /** Projects all chunks on newly computed axes. */
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
