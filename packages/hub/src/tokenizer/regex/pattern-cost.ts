import type { Pattern } from "./syntax-tree.js";

/** How a part can be matched at one place. */
interface Effort {
  /** Ways to match it that differ, at most. */
  readonly ways: number;
  /** Steps that one way takes, at most. */
  readonly steps: number;
}

/** Steps that a backtracking search takes at most to try every way of a part at one place; Infinity: no bound. */
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
