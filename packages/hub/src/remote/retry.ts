import { clock } from "./clock.js";

/**
 * Number of attempts, and the waits between them: 0.3, 0.9 and 2.7 s, each reduced at random to at
 * least half, plus the time that the server asks for. `maxWaitMs` bounds the sum of the waits of one
 * request.
 */
export const retryRules = {
  maxTries: 4,
  firstDelayMs: 300,
  factor: 3,
  maxWaitMs: 300_000,
};

/** A failure that another attempt may not have: a broken connection, or a status such as 503. */
export class PassingFailure extends Error {
  constructor(
    /** The error to report after this many attempts. */
    readonly toError: (tries: number) => Error,
    /** How long the server asks to wait. */
    readonly waitMs = 0,
    /** Whether the attempt brought so much that the count of attempts starts again. */
    readonly advanced = false,
  ) {
    super("a failure that may pass");
  }
}

/**
 * Repeats `attempt` while it throws a PassingFailure and attempts are left. Rejects with the error
 * of the last failure, with any other error at once, or with the signal's reason.
 */
export async function retrying<T>(
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  let tries = 0;
  let waitedMs = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingFailure)) throw error;
      if (error.advanced) [tries, waitedMs] = [0, 0];
      tries += 1;
      const delayMs = delayOf(tries) + error.waitMs;
      if (tries >= retryRules.maxTries || waitedMs + delayMs > retryRules.maxWaitMs) {
        throw error.toError(tries);
      }
      await clock.pause(delayMs, signal);
      waitedMs += delayMs;
    }
  }
}

function delayOf(tries: number): number {
  const { firstDelayMs, factor } = retryRules;
  return firstDelayMs * factor ** (tries - 1) * (0.5 + clock.random() / 2);
}

/** " (4 tries)", which follows the description of the failure. */
export function triesNote(tries: number): string {
  return tries > 1 ? ` (${tries} tries)` : "";
}

/**
 * Whether a later attempt may get another status: Request Timeout, Too Early, Too Many Requests,
 * and temporary server errors.
 */
export function mayPass(status: number): boolean {
  return [408, 425, 429].includes(status) || (status >= 500 && status !== 501 && status !== 505);
}

/**
 * The wait in ms that an answer asks for: Retry-After in seconds or as a date, else, with 429, the
 * time to the next window in the RateLimit header of Hugging Face: `"api";r=0;t=55`.
 */
export function requestedWaitMs({ status, headers }: Response): number {
  const asked = headers.get("Retry-After")?.trim();
  if (asked !== undefined) {
    if (/^\d+$/.test(asked)) return Number(asked) * 1000;
    const date = Date.parse(asked);
    return Number.isNaN(date) ? 0 : Math.max(0, date - clock.date());
  }
  if (status !== 429) return 0;
  return Number(/;\s*t=(\d{1,9})/.exec(headers.get("RateLimit") ?? "")?.[1] ?? 0) * 1000;
}
