/** Time and chance as retries see them. */
export interface Clock {
  /** In ms; grows evenly. */
  now(): number;
  /** Milliseconds since 1970, for dates that servers send. */
  date(): number;
  /** In 0 … 1. */
  random(): number;
  /** Waits. Rejects with the signal's reason as soon as it is aborted. */
  pause(delayMs: number, signal: AbortSignal | undefined): Promise<void>;
}

/** Tests put their own functions in place of these. */
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
