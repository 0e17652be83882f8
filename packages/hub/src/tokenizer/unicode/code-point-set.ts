/**
 * First and last code point of each range, sorted and not adjacent: [first, last, first, last, …].
 */
export type CodePointSet = readonly number[];

const lastCodePoint = 0x10ffff;

export const everything: CodePointSet = [0, lastCodePoint];

export function setOf(...codePoints: readonly number[]): CodePointSet {
  return union(...codePoints.map((code) => [code, code]));
}

export function union(...sets: readonly CodePointSet[]): CodePointSet {
  const [only] = sets;
  if (sets.length === 1 && only) return only;
  const joined: number[] = [];
  for (const range of sortedRanges(sets)) {
    const [first, last] = [Math.floor(range / 0x200000), range % 0x200000];
    const end = joined.at(-1);
    if (end === undefined || first > end + 1) joined.push(first, last);
    else if (last > end) joined[joined.length - 1] = last;
  }
  return joined;
}

/**
 * Each range as one number, its first code point times 2^21 plus its last, because numbers sort
 * fast.
 */
function sortedRanges(sets: readonly CodePointSet[]): Float64Array {
  const ranges = new Float64Array(sets.reduce((sum, set) => sum + set.length / 2, 0));
  let at = 0;
  for (const set of sets) {
    for (let i = 0; i < set.length; i += 2) {
      ranges[at++] = (set[i] ?? 0) * 0x200000 + (set[i + 1] ?? 0);
    }
  }
  return ranges.sort();
}

export function complement(set: CodePointSet): CodePointSet {
  const gaps: number[] = [];
  let from = 0;
  for (let i = 0; i < set.length; i += 2) {
    const first = set[i] ?? 0;
    if (first > from) gaps.push(from, first - 1);
    from = (set[i + 1] ?? 0) + 1;
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

/** The set as a class of a regular expression with flag u, without the brackets. */
export function classBody(set: CodePointSet): string {
  let body = "";
  for (let i = 0; i < set.length; i += 2) {
    const [first = 0, last = 0] = [set[i], set[i + 1]];
    body += first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`;
  }
  return body;
}

const escaped = (code: number): string => `\\u{${code.toString(16)}}`;
