import { createColors } from "picocolors";
import { type Io, note, wantsColor } from "./io.js";
import { clock, compact } from "./numbers.js";
import { StatusLine } from "./status-line.js";

export interface Work {
  readonly texts: number;
  readonly tokens: number;
  /** Completed part of the work, 0 … 1; undefined when the total is unknown. */
  readonly fraction?: number | undefined;
}

export interface ProgressState extends Work {
  readonly label: string;
  /** The name of the texts in the line. */
  readonly noun: string;
  readonly elapsedMs: number;
}

export interface ProgressOptions {
  readonly label: string;
  readonly noun?: string;
  /** The message that is printed once, after 5 s, when standard error is not a terminal. */
  readonly longWait?: (work: Work) => string;
  readonly now?: () => number;
}

const longWaitMs = 5000;

/** The progress of embedding many texts, as a status line. */
export class Progress {
  readonly #io: Io;
  readonly #line: StatusLine;
  readonly #options: ProgressOptions;
  readonly #color: boolean;
  readonly #now: () => number;
  readonly #startedAt: number;
  #hasAnnounced = false;

  constructor(io: Io, options: ProgressOptions) {
    const { now = () => performance.now() } = options;
    this.#io = io;
    this.#line = new StatusLine(io, now);
    this.#options = options;
    this.#color = wantsColor(io, io.stderr);
    this.#now = now;
    this.#startedAt = now();
  }

  get elapsedMs(): number {
    return this.#now() - this.#startedAt;
  }

  update(work: Work): void {
    const { label, noun = "texts" } = this.#options;
    const state = { ...work, label, noun, elapsedMs: this.elapsedMs };
    this.#line.draw((columns) => progressLine(state, columns, this.#color));
    if (this.#io.stderr.isTTY !== true) this.#sayWait(work);
  }

  clear(): void {
    this.#line.clear();
  }

  #sayWait(work: Work): void {
    const { longWait } = this.#options;
    if (!longWait || this.#hasAnnounced || this.elapsedMs < longWaitMs) return;
    this.#hasAnnounced = true;
    note(this.#io, longWait(work));
  }
}

/** "embedding ━━━━━───── 43 % · 1,204 texts · 312 texts/s · 41.2k tokens/s · ETA 0:12", cut to `columns`. */
export function progressLine(state: ProgressState, columns: number, color: boolean): string {
  const seconds = Math.max(state.elapsedMs / 1000, 1e-3);
  const rates = [
    `${compact(state.texts)} ${state.noun}`,
    `${compact(state.texts / seconds)} ${state.noun}/s`,
    `${compact(state.tokens / seconds)} tokens/s`,
  ];
  const { fraction } = state;
  if (fraction === undefined || fraction <= 0) {
    return `${state.label} · ${rates.join(" · ")}`.slice(0, columns - 1);
  }
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
  const facts = [percent, ...rates, `ETA ${clock((seconds * (1 - fraction)) / fraction)}`];
  return withBar(state.label, facts.join(" · "), fraction, columns, color);
}

function withBar(
  label: string,
  facts: string,
  fraction: number,
  columns: number,
  color: boolean,
): string {
  const width = Math.min(24, columns - label.length - facts.length - 3);
  if (width < 6) return `${label}${facts}`.slice(0, columns - 1);
  const done = Math.round(width * Math.min(fraction, 1));
  const colors = createColors(color);
  const bar = colors.cyan("━".repeat(done)) + colors.dim("─".repeat(width - done));
  return `${label} ${bar}${facts}`;
}
