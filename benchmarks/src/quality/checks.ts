import type { Score } from "./score.js";
import { type Interval, mean, pairedInterval } from "./statistics.js";

/**
 * A requirement, and the figures that decide it. "not known" when an engine or a yardstick is
 * missing.
 */
export interface Check {
  readonly name: string;
  readonly outcome: "holds" | "fails" | "not known";
  readonly figures: string;
}

/** Minimum part of f32's nDCG@10 that 8 bits must keep. */
const share = 0.98;

/** Minimum number of yardsticks on which BM25 must be beaten, and the number of yardsticks. */
const yardstickCount = 3;
const winsNeeded = 2;

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
const points = (value: number): string => `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
const between = ({ low, high }: Interval, text: (value: number) => string): string =>
  `(95 %: ${text(low)} to ${text(high)})`;

interface Pair {
  readonly yardstick: string;
  readonly a: Score;
  readonly b: Score;
}

function pairs(scores: readonly Score[], a: string, b: string): Pair[] {
  const of = (engine: string) => scores.filter((each) => each.engine === engine);
  const others = of(b);
  return of(a).flatMap((score) => {
    const other = others.find(({ yardstick }) => yardstick === score.yardstick);
    return other ? [{ yardstick: score.yardstick, a: score, b: other }] : [];
  });
}

/**
 * Whether `engine` keeps 98 % of the nDCG@10 of `original`, on each yardstick and of the mean over
 * them.
 */
export function keepsQuality(scores: readonly Score[], engine: string, original: string): Check {
  const name = `${engine} keeps ${percent(share)} of the nDCG@10 of ${original}, on each yardstick and on average`;
  const compared = pairs(scores, engine, original);
  if (compared.length === 0) return { name, outcome: "not known", figures: "not measured" };
  const kept = compared.map(({ yardstick, a, b }) => ({
    what: yardstick,
    ratio: a.ndcg / b.ndcg,
    noise: ` ${between(
      pairedInterval(a.ofQueries, b.ofQueries, (x, y) => x / y),
      percent,
    )}`,
  }));
  const of = (side: "a" | "b") => mean(compared.map((pair) => pair[side].ndcg));
  const all = [...kept, { what: "mean", ratio: of("a") / of("b"), noise: "" }];
  const holds = all.every(({ ratio }) => ratio >= share);
  const figures = all.map(({ what, ratio, noise }) => `${what} ${percent(ratio)}${noise}`);
  return { name, outcome: holds ? "holds" : "fails", figures: figures.join(", ") };
}

/**
 * Whether `engine` has a higher nDCG@10 than `rival` on two of the three yardsticks. The result is
 * known as soon as the measured yardsticks decide it.
 */
export function beats(scores: readonly Score[], engine: string, rival: string): Check {
  const compared = pairs(scores, engine, rival);
  const wins = compared.filter(({ a, b }) => a.ndcg > b.ndcg).length;
  const losses = compared.length - wins;
  const figures = compared.map(({ yardstick, a, b }) => {
    const noise = pairedInterval(a.ofQueries, b.ofQueries, (x, y) => x - y);
    return `${yardstick} ${points(a.ndcg - b.ndcg)} ${between(noise, points)}`;
  });
  return {
    name: `${engine} beats ${rival} on ${winsNeeded} of ${yardstickCount} yardsticks`,
    outcome:
      wins >= winsNeeded ? "holds" : losses > yardstickCount - winsNeeded ? "fails" : "not known",
    figures: figures.join(", ") || "not measured",
  };
}

/**
 * nDCG@10 of BM25 on Cranfield, measured with other software: bm25s, English stop words, titles
 * before texts.
 */
const known = { engine: "bm25", yardstick: "cranfield", ndcg: 0.369, tolerance: 0.001 };

/**
 * Whether this benchmark reproduces BM25's known figure. Otherwise no figure of the run can be
 * trusted.
 */
export function givesKnownFigure(scores: readonly Score[]): Check {
  const name = `${known.engine} reproduces its known nDCG@10 of ${known.ndcg} on ${known.yardstick}`;
  const found = scores.find(
    (each) => each.engine === known.engine && each.yardstick === known.yardstick,
  );
  if (!found) return { name, outcome: "not known", figures: "not measured" };
  const holds = Math.abs(found.ndcg - known.ndcg) <= known.tolerance;
  return { name, outcome: holds ? "holds" : "fails", figures: found.ndcg.toFixed(4) };
}
