import { turnOfEventLoop } from "./event-loop.js";

/** Longest time of work without a pause, in which timers and input of the platform are handled. */
const sliceMs = 8;

/** Divides long work into slices with pauses between them. */
export class TimeSlices {
  #start = Date.now();

  /** Whether it is time to pause. */
  get isOver(): boolean {
    return Date.now() - this.#start >= sliceMs;
  }

  /** Starts a new slice without a pause, after the work has waited anyway. */
  restart(): void {
    this.#start = Date.now();
  }

  async pause(): Promise<void> {
    await turnOfEventLoop();
    this.restart();
  }
}
