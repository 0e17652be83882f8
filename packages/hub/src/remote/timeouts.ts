import { InputError } from "@ripvec/core";

/** How long to wait for a server, in ms. */
export interface Timeouts {
  /** For the answer to a question about a model to begin, and the same again for it to end. */
  readonly answerMs: number;
  /**
   * For a download to begin. Once it has begun, it must bring `minBytesPerSecond` on average over
   * each such period.
   */
  readonly downloadMs: number;
}

/** The time-outs that an app may set. */
export interface TimeoutOptions {
  /** For the answer to a question about a model to begin, and the same again for it to end. */
  readonly answerMs?: number | undefined;
  /**
   * For a download to begin. Once it has begun, it must bring 512 bytes a second on average over
   * each such period.
   */
  readonly downloadMs?: number | undefined;
}

export const defaultTimeouts: Timeouts = { answerMs: 30_000, downloadMs: 30_000 };

/**
 * A download that is slower than this over `downloadMs` is aborted, and continued by another
 * request.
 */
export const minBytesPerSecond = 512;

/** The longest delay that timers accept. */
const maxTimeoutMs = 2 ** 31 - 1;

/** Checks the option `timeouts`. Throws InputError. */
export function readTimeouts(options: TimeoutOptions | undefined, fallback: Timeouts): Timeouts {
  const { answerMs, downloadMs } = options ?? {};
  return {
    answerMs: readTimeout(answerMs, "timeouts.answerMs", fallback.answerMs),
    downloadMs: readTimeout(downloadMs, "timeouts.downloadMs", fallback.downloadMs),
  };
}

/** `saidBy`: the variable or option that holds the value. Throws InputError. */
export function readTimeout(
  valueMs: number | undefined,
  saidBy: string,
  fallbackMs: number,
): number {
  if (valueMs === undefined) return fallbackMs;
  if (typeof valueMs === "number" && valueMs >= 1 && valueMs <= maxTimeoutMs) return valueMs;
  throw new InputError(
    `${saidBy} must be a time-out between 1 ms and ${maxTimeoutMs} ms (24 days), got ${JSON.stringify(valueMs)}${typeof valueMs === "number" ? " ms" : ""}`,
  );
}
