import { turnOfEventLoop } from "./event-loop.js";

/** Work pauses after so long, for the host's timers and input to have their turn. */
const sliceMs = 8;

/** Cuts work that takes long into slices. */
export class TimeSlices {
  #start = Date.now();

  /** Whether it is time to pause. */
  get isOver(): boolean {
    return Date.now() - this.#start >= sliceMs;
  }

  /** The work waited anyway: a new slice begins. */
  restart(): void {
    this.#start = Date.now();
  }

  async pause(): Promise<void> {
    await turnOfEventLoop();
    this.restart();
  }
}
