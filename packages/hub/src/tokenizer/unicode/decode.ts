import type { CodePointSet } from "./code-point-set.js";

/**
 * Values of ranges of code points: range i begins at `starts[i]`, ends before `starts[i + 1]` and
 * has `values[i]`.
 */
export interface CodePointRuns {
  readonly starts: readonly number[];
  readonly values: readonly number[];
}

/** For each range: its distance from the previous one, and its length less one. */
export function decodeSet(text: string): CodePointSet {
  const numbers = decodeNumbers(text);
  let from = 0;
  return numbers.map((number, i) => {
    const bound = from + number;
    from = i % 2 === 0 ? bound : bound + 1;
    return bound;
  });
}

/** For each run: the distance of its start from the previous one's, and its value. */
export function decodeRuns(text: string): CodePointRuns {
  const numbers = decodeNumbers(text);
  const starts: number[] = [];
  const values: number[] = [];
  let start = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    start += numbers[i] ?? 0;
    starts.push(start);
    values.push(numbers[i + 1] ?? 0);
  }
  return { starts, values };
}

/**
 * For each run of keys that are 1 or 2 apart and at a constant distance from their values: its
 * distance from the previous one, 2 (length − 1) + (1 if they are 2 apart), and the distance d as 2
 * d, or as −2 d − 1 if it is negative.
 */
export function decodeMap(text: string): Map<number, number> {
  const numbers = decodeNumbers(text);
  const map = new Map<number, number>();
  let key = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    const [gap = 0, shape = 0, distance = 0] = numbers.slice(i, i + 3);
    const delta = distance % 2 === 0 ? distance / 2 : -(distance + 1) / 2;
    const stride = (shape % 2) + 1;
    key += gap;
    for (let left = shape >> 1; left >= 0; left--, key += stride) map.set(key, key + delta);
    key += 1 - stride;
  }
  return map;
}

/** The code points whose value is selected. */
export function selectRuns(
  runs: CodePointRuns,
  isChosen: (value: number) => boolean,
): CodePointSet {
  const set: number[] = [];
  const { starts, values } = runs;
  for (let i = 0; i < values.length; i++) {
    if (!isChosen(values[i] ?? 0)) continue;
    const first = starts[i] ?? 0;
    const last = (starts[i + 1] ?? 0x110000) - 1;
    if (set.at(-1) === first - 1) set[set.length - 1] = last;
    else set.push(first, last);
  }
  return set;
}

/**
 * Numbers in digits of 5 bits, the lowest first. Each digit is a base64url character whose bit 5
 * says that more digits follow.
 */
function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = digitOf(text.charCodeAt(i));
    number |= (digit & 31) << shift;
    shift += 5;
    if (digit < 32) {
      numbers.push(number);
      number = 0;
      shift = 0;
    }
  }
  return numbers;
}

function digitOf(code: number): number {
  if (code >= 97) return code - 71;
  if (code === 95) return 63;
  if (code >= 65) return code - 65;
  return code === 45 ? 62 : code + 4;
}
