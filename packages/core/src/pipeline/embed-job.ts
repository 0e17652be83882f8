import type { EmbedBackend } from "../backend.js";
import type { PartialEncoding, Tokenizer } from "../encoding.js";
import { TooLongError } from "../errors.js";
import { Aborter, type AbortSignalLike, abortReason, onAbort } from "../signal.js";
import { truncateEncoding } from "../truncate-encoding.js";
import { BatchRing } from "./batch-ring.js";
import { encodeHead } from "./encode-head.js";
import { turnOfEventLoop } from "./event-loop.js";
import { countPromptTokens, withPrompt } from "./prompt.js";
import { type BatchLimits, cutBatches, type Row } from "./row.js";
import { TextSource } from "./text-source.js";
import { TimeSlices } from "./time-slices.js";
import { WakeUp } from "./wake-up.js";

export interface JobSettings {
  readonly backends: readonly EmbedBackend[];
  readonly tokenizer: Tokenizer;
  readonly texts: unknown;
  readonly maxTokens: number;
  readonly overflow: "truncate" | "error";
  readonly prompt: string;
  readonly signal: AbortSignalLike | undefined;
  readonly onProgress: ((progress: { texts: number; tokens: number }) => void) | undefined;
}

/** Number of batches in a text window, unless more can be in flight at once. */
const windowBatches = 4;
/** Limit of the texts of a text window in UTF-16 units, since texts are kept until their rows are taken. */
const windowCharacters = 2 ** 22;
/** A text window ends after this number of pauses, which is about half a second of tokenising. */
const windowPauses = 64;

/**
 * One call of `embedTexts`. The generator calls `read`, which starts to read a text window, and `take`, which returns
 * finished rows in order. Batches are started as soon as there is capacity. At most three text windows of rows are held.
 */
export class EmbedJob {
  readonly #settings: JobSettings;
  readonly #source: TextSource;
  readonly #ring: BatchRing;
  readonly #aborter = new Aborter();
  readonly #wakeUp = new WakeUp();
  readonly #stopListening: (() => void) | undefined;
  /** Limits of a batch. */
  readonly #limits: BatchLimits;
  readonly #windowTokens: number;
  readonly #windowRows: number;
  readonly #slices = new TimeSlices();
  #promptTokens: number | undefined;
  /** Rows that were not taken yet, in input order. */
  readonly #rows: Row[] = [];
  #rowTokens = 0;
  #rowCharacters = 0;
  /** Rows of the text window that is being read, and their tokens and characters. */
  #window: Row[] = [];
  #windowFill = 0;
  #windowCharacters = 0;
  /** Number of pauses in the text window that is being read. */
  #pauses = 0;
  #reading: Promise<void> | undefined;
  #waitingForSource = false;
  #turnPlanned = false;
  #ended = false;
  #stopped = false;
  #failure: { error: unknown } | undefined;
  #progress = { texts: 0, tokens: 0 };

  constructor(settings: JobSettings) {
    const { backends, texts, signal } = settings;
    this.#settings = settings;
    this.#source = new TextSource(texts);
    this.#limits = {
      maxRows: Math.min(...backends.map((backend) => backend.maxBatch)),
      maxTokens: Math.min(...backends.map((backend) => backend.maxBatchTokens)),
    };
    this.#ring = new BatchRing({
      backends,
      signal: this.#aborter,
      onDone: (rows) => this.#onDone(rows),
      onError: (error) => this.#fail(error),
    });
    const batches = Math.max(windowBatches, this.#ring.capacity);
    this.#windowTokens = batches * this.#limits.maxTokens;
    this.#windowRows = batches * this.#limits.maxRows;
    if (!signal) return;
    const stop = () => this.#fail(abortReason(signal));
    this.#stopListening = onAbort(signal, stop);
    if (signal.aborted) stop();
  }

  /** Throws the error that stopped the job, if there is one. */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Whether every row was taken. */
  get finished(): boolean {
    return this.#ended && this.#rows.length === 0;
  }

  /** Starts to read a text window, if the next batches are needed and fewer than two text windows of rows are held. */
  read(): void {
    if (this.#ended || this.#reading || !this.#ring.hasCapacity) return;
    if (this.#rows.length >= 2 * this.#windowRows) return;
    if (this.#rowTokens >= 2 * this.#windowTokens) return;
    if (this.#rowCharacters >= 2 * windowCharacters) return;
    this.#reading = this.#readWindow()
      .catch((error) => this.#fail(error))
      .then(() => {
        this.#reading = undefined;
        this.#wakeUp.wake();
      });
  }

  /** Removes and returns the next row in input order, if its batch has run. */
  take(): (Row & { readonly embedding: Float32Array }) | undefined {
    const [row] = this.#rows;
    if (!row?.embedding) return undefined;
    this.#rows.shift();
    this.#rowTokens -= row.tokens;
    this.#rowCharacters -= row.text.length;
    return { ...row, embedding: row.embedding };
  }

  /** Resolves when the result of `check`, `read`, `take` or `finished` may have changed. */
  changed(): Promise<void> {
    return this.#wakeUp.changed();
  }

  /** Aborts the calls in flight, closes the source, and resolves when nothing runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening?.();
    this.#aborter.abort(this.#failure?.error);
    await this.#ring.stop();
    if (!this.#waitingForSource) await this.#reading;
    await this.#source.close().catch((error) => {
      if (!this.#failure) throw error;
    });
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.#failure = { error };
    this.#aborter.abort(error);
    void this.#ring.stop();
    this.#wakeUp.wake();
  }

  #onDone(rows: readonly Row[]): void {
    if (this.#isStopped) return;
    const { texts, tokens } = this.#progress;
    this.#progress = {
      texts: texts + rows.length,
      tokens: rows.reduce((sum, row) => sum + row.tokens, tokens),
    };
    try {
      this.#settings.onProgress?.(this.#progress);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#flushIfIdle();
    this.#wakeUp.wake();
  }

  async #readWindow(): Promise<void> {
    this.#slices.restart();
    this.#pauses = 0;
    this.#promptTokens ??= await this.#finish(countPromptTokens(this.#settings));
    while (this.#windowHasSpace && !this.#isStopped) {
      const next = this.#source.next();
      const item = next instanceof Promise ? await this.#arrival(next) : next;
      if (this.#isStopped) return;
      if (!item) {
        this.#ended = true;
        break;
      }
      const steps = encodeHead(this.#settings.tokenizer, item.text, this.#settings);
      const step = steps.next();
      const head = step.done ? step.value : await this.#finish(steps);
      if (head) this.#admit(item, head);
      if (this.#slices.isOver) await this.#pause();
    }
    this.#flush();
  }

  get #isStopped(): boolean {
    return this.#stopped || this.#failure !== undefined;
  }

  /** Whether another text fits into the text window. */
  get #windowHasSpace(): boolean {
    return (
      this.#windowFill < this.#windowTokens &&
      this.#window.length < this.#windowRows &&
      this.#windowCharacters < windowCharacters &&
      this.#pauses < windowPauses
    );
  }

  async #pause(): Promise<void> {
    this.#pauses++;
    await this.#slices.pause();
  }

  /** Runs a generator to its end, with pauses; resolves with its result, or undefined if the job is stopped. */
  async #finish<T>(steps: Generator<undefined, T, undefined>): Promise<T | undefined> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (this.#slices.isOver) await this.#pause();
      if (this.#isStopped) return undefined;
    }
  }

  /** Waits for a slow source. If the device is idle meanwhile, the rows of the text window so far are run. */
  async #arrival<T>(next: Promise<T>): Promise<T> {
    this.#waitingForSource = true;
    if (!this.#turnPlanned) {
      this.#turnPlanned = true;
      void turnOfEventLoop().then(() => {
        this.#turnPlanned = false;
        this.#flushIfIdle();
      });
    }
    try {
      return await next;
    } finally {
      this.#waitingForSource = false;
    }
  }

  #admit({ index, text }: { index: number; text: string }, head: PartialEncoding): void {
    const { tokenizer, maxTokens, overflow } = this.#settings;
    const truncated = head.tokens > maxTokens;
    if (truncated && overflow === "error") {
      throw new TooLongError({
        index,
        tokens: head.tokens,
        maxTokens,
        isLowerBound: !head.isWhole,
      });
    }
    const cut = truncateEncoding(head.encoding, maxTokens, tokenizer);
    const encoding = withPrompt(cut, this.#promptTokens ?? 0);
    const tokens = truncated ? maxTokens : head.tokens;
    const row: Row = { index, text, encoding, tokens, truncated };
    this.#rows.push(row);
    this.#window.push(row);
    this.#rowTokens += tokens;
    this.#rowCharacters += text.length;
    this.#windowFill += tokens;
    this.#windowCharacters += text.length;
  }

  #flushIfIdle(): void {
    if (this.#waitingForSource && this.#ring.idle) this.#flush();
  }

  #flush(): void {
    if (this.#isStopped) return;
    const rows = this.#window;
    this.#window = [];
    this.#windowFill = 0;
    this.#windowCharacters = 0;
    this.#ring.add(cutBatches(rows, this.#limits));
  }
}
