/** More than any sequence has. */
const everyKey = 2 ** 31 - 1;

/** Keys to either side that a query sees; without a window every key is within reach. */
export const reachOf = (window: number | undefined): number =>
  window === undefined ? everyKey : Math.min(window / 2, everyKey);
