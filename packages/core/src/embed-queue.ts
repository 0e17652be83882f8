import { ClosedError } from "./errors.js";
import { type AbortSignalLike, abortReason, onAbort } from "./signal.js";
import type { TakenEncoding } from "./take-encodings.js";

/** One `embedBatch`: its encodings, how far they were taken, and the promise that its caller holds. */
export class EmbedCall {
  readonly encodings: readonly TakenEncoding[];
  readonly result: Promise<Float32Array[]>;
  /** First row that no batch has taken yet. */
  next = 0;
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
  /** Padding counts as tokens. */
  readonly padded: boolean;
  readonly maxInFlight: number;
  /** Tokens of a batch that starts while others run. One with fewer waits for them: calls to come may join it. */
  readonly minTokensBeside: number;
}

/** Makes the error of one row, which is named by its place in the call that brought it. */
export type RowError = (index: number) => Error;

/** Runs one batch; gives a vector for each encoding, or the error of that row alone. */
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
  /** Worth starting while others run. */
  readonly isLarge: boolean;
}

/**
 * Calls in the order they came, cut into batches by tokens and count. Calls that wait share the
 * next batch, and so do calls made in one tick.
 */
export class EmbedQueue {
  readonly #limits: QueueLimits;
  readonly #runBatch: RunBatch;
  /** Calls with rows that no batch has taken. */
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

  /** Calls with waiting rows reject with ClosedError; resolves when no batch runs. */
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

  /** Empty when nothing waits. Its first row always fits. */
  #nextBatch(): Batch {
    const { maxBatch, maxBatchTokens, minTokensBeside, padded } = this.#limits;
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
    return { rows, isLarge: rows.length === maxBatch || cost >= minTokensBeside };
  }

  #take(rows: readonly Row[]): void {
    for (const { call, row } of rows) call.next = row + 1;
    this.#forgetFinished();
  }

  #forgetFinished(): void {
    const isFinished = (call: EmbedCall) => call.settled || call.next === call.encodings.length;
    while (this.#waiting[0] && isFinished(this.#waiting[0])) this.#waiting.shift();
  }

  /** Never rejects: an error goes to the calls that have rows in the batch. */
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
