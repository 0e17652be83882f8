import { printable } from "@ripvec/core";
import type { Io } from "./io.js";

const redrawMs = 100;
const clearLine = "\r\x1b[K";

/**
 * One line on standard error that is redrawn at most ten times a second; it is not drawn when
 * standard error is not a terminal.
 */
export class StatusLine {
  readonly #io: Io;
  readonly #now: () => number;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #visible = false;

  constructor(io: Io, now: () => number = () => performance.now()) {
    this.#io = io;
    this.#now = now;
  }

  /** `text` gets the width of the terminal and is called only when the line is redrawn. */
  draw(text: (columns: number) => string): void {
    const { stderr } = this.#io;
    if (stderr.isTTY !== true || this.#now() - this.#drawnAt < redrawMs) return;
    this.#drawnAt = this.#now();
    this.#visible = true;
    stderr.write(`${clearLine}${text(stderr.columns ?? 80)}`);
  }

  clear(): void {
    if (this.#visible) this.#io.stderr.write(clearLine);
    this.#visible = false;
  }
}

/** Prepares a text of any origin for `draw`: safe for a terminal, and cut to its width. */
export const oneLine =
  (text: string) =>
  (columns: number): string =>
    printable(text).slice(0, columns - 1);
