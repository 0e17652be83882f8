import type { Pattern } from "./syntax-tree.js";

/** The cost of matching a part at one position. */
interface Effort {
  /** The most ways to match it. */
  readonly ways: number;
  /** The most steps of one way. */
  readonly steps: number;
}

/**
 * The most steps that a backtracking search takes to try every way to match a part at one position;
 * Infinity: no bound.
 */
export function costOf(pattern: Pattern): number {
  const { ways, steps } = effortOf(pattern);
  return ways * steps;
}

function effortOf(pattern: Pattern): Effort {
  switch (pattern.kind) {
    case "set":
    case "anchor":
      return { ways: 1, steps: 1 };
    case "atomic":
    case "look":
      return { ways: 1, steps: 1 + costOf(pattern.item) };
    case "repeat":
      return repeated(effortOf(pattern.item), pattern.min, pattern.max);
    case "sequence":
      return pattern.items.map(effortOf).reduce(inSequence, { ways: 1, steps: 1 });
    case "choice":
      return pattern.items.map(effortOf).reduce((a, b) => ({
        ways: a.ways + b.ways,
        steps: Math.max(a.steps, b.steps),
      }));
    default:
      return pattern satisfies never;
  }
}

const inSequence = (a: Effort, b: Effort): Effort => ({
  ways: a.ways * b.ways,
  steps: a.steps + b.steps,
});

function repeated({ ways, steps }: Effort, min: number, max: number): Effort {
  if (max === Infinity) return { ways: Infinity, steps: Infinity };
  const counts = max - min + 1;
  return { ways: ways === 1 ? counts : counts * ways ** max, steps: 1 + max * steps };
}
