/** First and last code point of each range, in order and apart: [first, last, first, last, …]. */
export type CodePointSet = readonly number[];

const lastCodePoint = 0x10ffff;

export const everything: CodePointSet = [0, lastCodePoint];

export function setOf(...codePoints: readonly number[]): CodePointSet {
  return union(...codePoints.map((code) => [code, code]));
}

export function union(...sets: readonly CodePointSet[]): CodePointSet {
  const ranges = sets.flatMap(pairsOf).sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [first, last] of ranges) {
    const end = joined.at(-1);
    if (end === undefined || first > end + 1) joined.push(first, last);
    else if (last > end) joined[joined.length - 1] = last;
  }
  return joined;
}

export function complement(set: CodePointSet): CodePointSet {
  const gaps: number[] = [];
  let from = 0;
  for (const [first, last] of pairsOf(set)) {
    if (first > from) gaps.push(from, first - 1);
    from = last + 1;
  }
  if (from <= lastCodePoint) gaps.push(from, lastCodePoint);
  return gaps;
}

export function intersection(a: CodePointSet, b: CodePointSet): CodePointSet {
  return complement(union(complement(a), complement(b)));
}

export function includes(set: CodePointSet, code: number): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((set[middle] ?? 0) < code) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1 || set[low] === code;
}

export function pairsOf(set: CodePointSet): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) pairs.push([set[i] ?? 0, set[i + 1] ?? 0]);
  return pairs;
}

/** The set as a class of a regular expression with flag u, without its brackets. */
export function classBody(set: CodePointSet): string {
  return pairsOf(set)
    .map(([first, last]) =>
      first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`,
    )
    .join("");
}

const escaped = (code: number): string => `\\u{${code.toString(16)}}`;
