import { InputError } from "@ripvec/core";

/** How long is waited for a server, in ms. */
export interface Timeouts {
  /** For the answer to a question about a model to begin, and as long again for it to end. */
  readonly answerMs: number;
  /** For a download to begin, and for `leastBytesPerSecond` on average once it has begun. */
  readonly downloadMs: number;
}

/** What an app may say about them. */
export interface TimeoutOptions {
  /** For the answer to a question about a model to begin, and as long again for it to end. */
  readonly answerMs?: number | undefined;
  /** For a download to begin; once it has, it must bring 512 bytes a second on average over each such time. */
  readonly downloadMs?: number | undefined;
}

export const defaultTimeouts: Timeouts = { answerMs: 30_000, downloadMs: 30_000 };

/** A download that is slower than this over `downloadMs` is broken off, and continued by another request. */
export const leastBytesPerSecond = 512;

/** The longest delay that timers take. */
const maxTimeoutMs = 2 ** 31 - 1;

/** The option `timeouts`. Throws InputError. */
export function readTimeouts(options: TimeoutOptions | undefined, fallback: Timeouts): Timeouts {
  const { answerMs, downloadMs } = options ?? {};
  return {
    answerMs: readTimeout(answerMs, "timeouts.answerMs", fallback.answerMs),
    downloadMs: readTimeout(downloadMs, "timeouts.downloadMs", fallback.downloadMs),
  };
}

/** `saidBy`: the variable or option that holds it. Throws InputError. */
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
