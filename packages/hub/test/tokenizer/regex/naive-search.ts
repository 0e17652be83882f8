import { anchorTests, placeBefore } from "../../../src/tokenizer/regex/anchor-tests.js";
import { collectMatches } from "../../../src/tokenizer/regex/matches.js";
import { fixedLength, type Pattern } from "../../../src/tokenizer/regex/syntax-tree.js";
import { includes } from "../../../src/tokenizer/unicode/code-point-set.js";

type Next = (at: number) => number;

/**
 * A plain backtracking engine: its matches, and the number of parts that it tries at a position.
 */
export function naiveSearch(pattern: Pattern, text: string): { matches: number[]; steps: number } {
  let steps = 0;
  const none = -1;

  const match = (part: Pattern, at: number, next: Next): number => {
    steps++;
    switch (part.kind) {
      case "set": {
        const code = text.codePointAt(at);
        if (code === undefined || !includes(part.set, code)) return none;
        return next(code > 0xffff ? at + 2 : at + 1);
      }
      case "anchor":
        return anchorTests[part.anchor](text, at) ? next(at) : none;
      case "sequence":
        return sequence(part.items, at, next);
      case "choice":
        for (const item of part.items) {
          const end = match(item, at, next);
          if (end !== none) return end;
        }
        return none;
      case "atomic": {
        const end = match(part.item, at, (end) => end);
        return end === none ? none : next(end);
      }
      case "look": {
        const items = part.item.kind === "choice" && part.isBehind ? part.item.items : [part.item];
        const isThere = items.some((item) => {
          const from = part.isBehind ? placeBefore(text, at, fixedLength(item) ?? 0) : at;
          return from >= 0 && match(item, from, (end) => end) !== none;
        });
        return isThere === part.isNegative ? none : next(at);
      }
      case "repeat": {
        const { item, min, max, mode } = part;
        if (mode === "possessive") {
          return match({ kind: "atomic", item: { ...part, mode: "greedy" } }, at, next);
        }
        const more = () =>
          max === 0
            ? none
            : match(item, at, (end) =>
                match({ ...part, min: Math.max(min - 1, 0), max: max - 1 }, end, next),
              );
        if (min > 0) return more();
        const first = mode === "lazy" ? next(at) : more();
        if (first !== none) return first;
        return mode === "lazy" ? more() : next(at);
      }
      default:
        return part satisfies never;
    }
  };

  const sequence = (items: readonly Pattern[], at: number, next: Next): number => {
    const [first, ...others] = items;
    return first ? match(first, at, (end) => sequence(others, end, next)) : next(at);
  };

  const matches = collectMatches(text, (from) => {
    for (let start = from; start <= text.length; ) {
      const end = match(pattern, start, (at) => at);
      if (end !== none) return [start, end];
      start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
    }
    return undefined;
  });
  return { matches, steps };
}
