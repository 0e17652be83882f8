/** The timers of the platform, which core's types lack. */
const host = globalThis as {
  setImmediate?: (callback: () => void) => unknown;
  setTimeout?: (callback: () => void, delayMs: number) => unknown;
};

/** Resolves after pending timers and input were handled; at once on a platform without timers. */
export function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (host.setImmediate) host.setImmediate(resolve);
    else if (host.setTimeout) host.setTimeout(resolve, 0);
    else resolve();
  });
}
