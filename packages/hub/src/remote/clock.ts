/** Time and randomness for retries. */
export interface Clock {
  /** Monotonic time in ms. */
  now(): number;
  /** Milliseconds since 1970, to compare with dates that servers send. */
  date(): number;
  /** A random number of 0 ≤ x < 1. */
  random(): number;
  /** Waits. Rejects with the signal's reason as soon as it is aborted. */
  pause(delayMs: number, signal: AbortSignal | undefined): Promise<void>;
}

/** Tests replace these functions. */
export const clock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  random: () => Math.random(),
  pause,
};

async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((done) => {
    const stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      done();
    };
    const timer = setTimeout(stop, delayMs);
    signal?.addEventListener("abort", stop);
  });
  signal?.throwIfAborted();
}
