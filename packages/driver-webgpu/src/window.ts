/** Larger than the length of any sequence. */
const everyKey = 2 ** 31 - 1;

/**
 * The number of keys to either side of its own that a query sees. Without a window it sees every
 * key.
 */
export const reachOf = (window: number | undefined): number =>
  window === undefined ? everyKey : Math.min(window / 2, everyKey);
