import { seededRandom } from "../encodings.js";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean. */
export function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

const draws = 2000;

/**
 * A 95 % interval of `statistic` over samples of the queries, drawn with replacement and the same
 * for `a` and `b` (paired bootstrap, with a fixed seed). `a` and `b` hold one value for each query.
 */
export function pairedInterval(
  a: readonly number[],
  b: readonly number[],
  statistic: (meanOfA: number, meanOfB: number) => number,
): Interval {
  const random = seededRandom(1);
  const values = Array.from({ length: draws }, () => {
    const chosen = a.map(() => Math.floor(random() * a.length));
    const of = (from: readonly number[]) => mean(chosen.map((at) => from[at] ?? 0));
    return statistic(of(a), of(b));
  }).sort((one, other) => one - other);
  const at = (share: number) => values[Math.floor(share * (draws - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
