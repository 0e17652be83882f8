import { sizeAt } from "../unicode/size-at.js";

/** Finds the first match that begins at `from` or later: its start and end in UTF-16 units. */
export type MatchFrom = (from: number) => readonly [start: number, end: number] | undefined;

/**
 * All matches, as [start, end, start, end, …] in UTF-16 units. An empty match at the end of the
 * previous match does not count: the search continues one character later, as in the reference.
 */
export function collectMatches(text: string, matchFrom: MatchFrom): number[] {
  const matches: number[] = [];
  for (let from = 0; from <= text.length; ) {
    const match = matchFrom(from);
    if (!match) break;
    from = keep(matches, text, match);
  }
  return matches;
}

/** As collectMatches, for a search that may pause. */
export function* collectInSteps(
  text: string,
  matchFrom: (from: number) => Generator<undefined, ReturnType<MatchFrom>, undefined>,
): Generator<undefined, number[], undefined> {
  const matches: number[] = [];
  for (let from = 0; from <= text.length; ) {
    const match = yield* matchFrom(from);
    if (!match) break;
    from = keep(matches, text, match);
  }
  return matches;
}

/** Appends a match that counts, and returns the position where the next search starts. */
function keep(matches: number[], text: string, [start, end]: readonly [number, number]): number {
  if (start === end && end === matches.at(-1)) {
    return end + sizeAt(text, end);
  }
  matches.push(start, end);
  return end;
}

/** As collectMatches, for an expression with flag g. */
export function matchesOf(expression: RegExp, text: string): number[] {
  return collectMatches(text, (from) => {
    for (expression.lastIndex = from; ; ) {
      const match = expression.exec(text);
      if (!match) return undefined;
      if (!isInsidePair(text, match.index)) return [match.index, match.index + match[0].length];
      expression.lastIndex = match.index + 1;
    }
  });
}

/** V8 also finds empty matches between the halves of a surrogate pair. */
const isInsidePair = (text: string, index: number): boolean =>
  index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
