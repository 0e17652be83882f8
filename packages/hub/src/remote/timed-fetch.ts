import { minBytesPerSecond } from "./timeouts.js";

/** `cache`: whether a browser's HTTP cache keeps the answer; Node has none. */
export type RequestSettings = Omit<RequestInit, "signal"> & { cache?: "default" | "no-store" };

/** The part of fetch that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What ends a request early: the caller's signal or a time-out. */
export interface Limits {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** The server exceeded a time-out. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";

  constructor(what: string, timeoutMs: number) {
    super(`${what} within ${timeoutMs / 1000} s`);
  }
}

/** The connection broke, or was closed, while a body arrived. */
export class BrokenBodyError extends Error {
  override readonly name = "BrokenBodyError";

  constructor(cause: unknown) {
    super("the connection broke", { cause });
  }
}

/**
 * After the process was suspended, data that has arrived is processed before the time is checked.
 */
const graceMs = 100;

/**
 * Calls `onTime` once when `timeoutMs` passes without `isAlive` confirming progress, and `onAbort`
 * on an abort. Returns a function that ends the watch.
 */
function watch(
  { signal, timeoutMs }: Limits,
  { isAlive, onTime, onAbort }: { isAlive(): boolean; onTime(): void; onAbort(): void },
): () => void {
  let timer = setTimeout(check, timeoutMs);
  function check() {
    timer = isAlive() ? setTimeout(check, timeoutMs) : setTimeout(checkAgain, graceMs);
  }
  function checkAgain() {
    if (isAlive()) timer = setTimeout(check, timeoutMs);
    else onTime();
  }
  signal?.addEventListener("abort", onAbort);
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  };
}

/** A fetch whose answer must begin in time. chunksOf reads its body, with its own limits. */
export async function timedFetch(
  fetchIt: Fetch,
  url: string,
  init: RequestSettings,
  limits: Limits,
): Promise<Response> {
  const { signal, timeoutMs } = limits;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const unwatch = watch(limits, {
    isAlive: () => false,
    onTime: () => controller.abort(new TimeoutError("no answer", timeoutMs)),
    onAbort: () => controller.abort(signal?.reason),
  });
  try {
    return await fetchIt(url, { ...init, signal: controller.signal });
  } finally {
    unwatch();
  }
}

/** The conditions under which a body is read on. */
export interface BodyLimits extends Limits {
  /**
   * True: the body must end within `timeoutMs`. False: it must bring `minBytesPerSecond` in each
   * such period.
   */
  readonly whole?: boolean;
}

/**
 * The body chunk by chunk; leaving the loop early ends the request. Rejects with a BrokenBodyError,
 * or with the signal's reason. Reads by a reader, because not all browsers can iterate streams.
 */
export async function* chunksOf(
  { body }: Response,
  limits?: BodyLimits,
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const pulse = new BodyPulse(body.getReader(), limits);
  try {
    for (;;) {
      const chunk = await pulse.next();
      if (!chunk) return;
      yield chunk;
    }
  } finally {
    await pulse.end();
  }
}

/** Reads a body while it keeps its limits. */
class BodyPulse {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #limits: BodyLimits | undefined;
  readonly #unwatch: (() => void) | undefined;
  #arrived = 0;
  #isWaiting = false;
  #late: TimeoutError | undefined;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, limits: BodyLimits | undefined) {
    this.#reader = reader;
    this.#limits = limits;
    this.#unwatch =
      limits &&
      watch(limits, {
        isAlive: () => this.#isAlive(limits),
        onTime: () => this.#stop(limits),
        onAbort: () => this.#cancel(limits.signal?.reason),
      });
  }

  async next(): Promise<Uint8Array | undefined> {
    this.#isWaiting = true;
    const chunk = await this.#read();
    this.#isWaiting = false;
    this.#arrived += chunk?.byteLength ?? 0;
    return chunk;
  }

  async end(): Promise<void> {
    this.#unwatch?.();
    await this.#cancel();
  }

  async #read(): Promise<Uint8Array | undefined> {
    const signal = this.#limits?.signal;
    signal?.throwIfAborted();
    const read = await this.#reader.read().catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new BrokenBodyError(this.#late ?? cause);
    });
    signal?.throwIfAborted();
    if (this.#late) throw new BrokenBodyError(this.#late);
    return read.value;
  }

  /** The time that the receiver takes for a chunk does not count for the server. */
  #isAlive({ whole = false, timeoutMs }: BodyLimits): boolean {
    const alive =
      !this.#isWaiting || (!whole && this.#arrived >= (minBytesPerSecond * timeoutMs) / 1000);
    if (alive) this.#arrived = 0;
    return alive;
  }

  #stop({ whole = false, timeoutMs }: BodyLimits): void {
    const what = whole ? "no whole answer" : `no more than ${this.#arrived} bytes`;
    this.#late = new TimeoutError(what, timeoutMs);
    // Ends the pending read.
    void this.#cancel(this.#late);
  }

  /** A failed stream rejects this too. Its failure is reported by the read. */
  async #cancel(reason?: unknown): Promise<void> {
    await this.#reader.cancel(reason).catch(() => undefined);
  }
}
