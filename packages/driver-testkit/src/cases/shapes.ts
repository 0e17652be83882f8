/** Rows × columns for row-wise ops: 1, primes, sizes around the tiles of vector units, and 0. */
export const rowShapes: readonly (readonly [rows: number, cols: number])[] = [
  [1, 1],
  [1, 7],
  [7, 1],
  [3, 5],
  [2, 8],
  [5, 31],
  [17, 33],
  [4, 63],
  [3, 64],
  [2, 65],
  [1, 127],
  [2, 129],
  [0, 5],
];

/** Columns of long rows: a full group of threads, and one more. */
export const wideRows: readonly number[] = [512, 516, 1023, 2048, 2052, 4096, 4100];

/** Sequence lengths of batches: single sequences around tile sizes, mixed lengths, and empty ones at every place. */
export const batches: readonly (readonly number[])[] = [
  [1],
  [7],
  [8],
  [9],
  [2, 1],
  [3, 0, 5],
  [0, 4],
  [6, 0],
  [0, 0],
  [63, 1, 64],
  [65, 66],
  [5, 1, 0, 9, 2, 1, 17],
  [],
];

export const longest = (lengths: readonly number[]): number => Math.max(0, ...lengths);
export const total = (lengths: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + length, 0);

/** Number of heads and their width. */
export const headShapes: readonly (readonly [heads: number, headDim: number])[] = [
  [1, 1],
  [3, 2],
  [2, 7],
  [1, 32],
  [2, 33],
];

/** Shapes of banded attention. Some windows are wider than the sequence. */
export const bandShapes: readonly (readonly [
  batch: number,
  heads: number,
  seqLen: number,
  headDim: number,
  window: number,
])[] = [
  [1, 1, 1, 1, 0],
  [1, 1, 5, 3, 2],
  [2, 3, 7, 8, 4],
  [1, 2, 3, 5, 8],
  [2, 1, 64, 16, 16],
  [1, 2, 65, 7, 64],
  [1, 1, 9, 4, 0],
  [0, 2, 4, 4, 2],
  [1, 1, 150, 8, 128],
];
