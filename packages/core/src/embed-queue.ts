import { ClosedError } from "./errors.js";
import { type AbortSignalLike, abortReason, onAbort } from "./signal.js";
import type { TakenEncoding } from "./take-encodings.js";

/** One call of `embedBatch`: its encodings, which of them batches have taken, and the promise of its caller. */
export class EmbedCall {
  readonly encodings: readonly TakenEncoding[];
  readonly result: Promise<Float32Array[]>;
  /** Index of the first encoding that no batch has taken yet. */
  next = 0;
  /** Whether the promise is resolved or rejected. */
  settled = false;
  readonly #vectors: Float32Array[];
  readonly #stopListening: (() => void) | undefined;
  #missing: number;
  #resolve: (vectors: Float32Array[]) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(encodings: readonly TakenEncoding[], signal: AbortSignalLike | undefined) {
    this.encodings = encodings;
    this.#vectors = new Array(encodings.length);
    this.#missing = encodings.length;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopListening = signal && onAbort(signal, () => this.fail(abortReason(signal)));
  }

  deliver(row: number, vector: Float32Array): void {
    if (this.settled) return;
    this.#vectors[row] = vector;
    this.#missing--;
    if (this.#missing > 0) return;
    this.#settle();
    this.#resolve(this.#vectors);
  }

  fail(error: unknown): void {
    if (this.settled) return;
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.settled = true;
    this.#stopListening?.();
  }
}

export interface QueueLimits {
  readonly maxBatch: number;
  readonly maxBatchTokens: number;
  /** Whether padding counts as tokens. */
  readonly padded: boolean;
  readonly maxInFlight: number;
  /**
   * A batch with fewer tokens does not start while others run: it waits for them, since later calls may join it. Padding
   * counts where `padded` says so.
   */
  readonly minTokensWhileBusy: number;
}

/** Makes the error of one row. `index` is the position of its encoding in its call. */
export type RowError = (index: number) => Error;

/** Runs one batch. Resolves with a vector for each encoding, or an error for that row alone. */
export type RunBatch = (
  encodings: readonly TakenEncoding[],
) => Promise<(Float32Array | RowError)[]>;

interface Row {
  readonly call: EmbedCall;
  readonly row: number;
  readonly encoding: TakenEncoding;
}

interface Batch {
  readonly rows: readonly Row[];
  /** Whether it may start while others run. */
  readonly isLarge: boolean;
}

/**
 * Cuts calls, in their order, into batches with limits on tokens and encodings. Calls that wait share the next batch,
 * and so do calls that were made in the same tick.
 */
export class EmbedQueue {
  readonly #limits: QueueLimits;
  readonly #runBatch: RunBatch;
  /** Calls with encodings that no batch has taken. */
  readonly #waiting: EmbedCall[] = [];
  readonly #running = new Set<Promise<void>>();
  #pumpPlanned = false;

  constructor(limits: QueueLimits, runBatch: RunBatch) {
    this.#limits = limits;
    this.#runBatch = runBatch;
  }

  add(call: EmbedCall): void {
    this.#waiting.push(call);
    if (this.#pumpPlanned) return;
    this.#pumpPlanned = true;
    void Promise.resolve().then(() => {
      this.#pumpPlanned = false;
      this.#pump();
    });
  }

  /** Rejects waiting calls with ClosedError, and resolves when no batch runs. */
  async close(what: string): Promise<void> {
    for (const call of this.#waiting.splice(0)) call.fail(new ClosedError(what));
    await Promise.all(this.#running);
  }

  #pump(): void {
    while (this.#running.size < this.#limits.maxInFlight) {
      const { rows, isLarge } = this.#nextBatch();
      const waits = this.#running.size > 0 && !isLarge;
      if (rows.length === 0 || waits) return;
      this.#take(rows);
      const running = this.#run(rows).then(() => {
        this.#running.delete(running);
        this.#pump();
      });
      this.#running.add(running);
    }
  }

  /** The batch to run next; empty when nothing waits. It takes its first row whatever the limits are. */
  #nextBatch(): Batch {
    const { maxBatch, maxBatchTokens, minTokensWhileBusy, padded } = this.#limits;
    const rows: Row[] = [];
    let tokens = 0;
    let longest = 0;
    let cost = 0;
    this.#forgetFinished();
    for (const call of this.#waiting) {
      for (let row = call.next; !call.settled && row < call.encodings.length; row++) {
        const encoding = call.encodings[row] as TakenEncoding;
        const length = encoding.inputIds.length;
        longest = Math.max(longest, length);
        tokens += length;
        cost = padded ? (rows.length + 1) * longest : tokens;
        const fits = rows.length < maxBatch && cost <= maxBatchTokens;
        if (rows.length > 0 && !fits) return { rows, isLarge: true };
        rows.push({ call, row, encoding });
      }
    }
    return { rows, isLarge: rows.length === maxBatch || cost >= minTokensWhileBusy };
  }

  #take(rows: readonly Row[]): void {
    for (const { call, row } of rows) call.next = row + 1;
    this.#forgetFinished();
  }

  #forgetFinished(): void {
    const isFinished = (call: EmbedCall) => call.settled || call.next === call.encodings.length;
    while (this.#waiting[0] && isFinished(this.#waiting[0])) this.#waiting.shift();
  }

  /** Never rejects: an error rejects the calls that have rows in the batch. */
  async #run(rows: readonly Row[]): Promise<void> {
    try {
      const results = await this.#runBatch(rows.map(({ encoding }) => encoding));
      rows.forEach(({ call, row }, i) => {
        const result = results[i];
        if (typeof result === "function") call.fail(result(row));
        else if (result) call.deliver(row, result);
      });
    } catch (error) {
      for (const { call } of rows) call.fail(error);
    }
  }
}
