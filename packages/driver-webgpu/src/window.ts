/** Keys to either side that a query sees; without a window every key is within reach. */
export const reachOf = (window: number | undefined): number =>
  window === undefined ? 2 ** 31 - 1 : window / 2;
