type Vector = ArrayLike<number>;

/**
 * The largest differences between two lists of vectors. A NaN in a vector makes the figures NaN.
 */
export interface Distance {
  /** Largest 1 − cos of a pair; at least 0 except for rounding. */
  readonly cosine: number;
  /** Largest |a − b| of an element. */
  readonly maxAbs: number;
}

/** Compares pairwise in f64. Throws RangeError when counts or lengths differ. */
export function distance(actual: readonly Vector[], expected: readonly Vector[]): Distance {
  const pairs = distances(actual, expected);
  return {
    cosine: Math.max(...pairs.map((pair) => pair.cosine)),
    maxAbs: Math.max(...pairs.map((pair) => pair.maxAbs)),
  };
}

/** 1 − cos of every pair. Throws RangeError when counts or lengths differ. */
export function pairCosines(actual: readonly Vector[], expected: readonly Vector[]): number[] {
  return distances(actual, expected).map(({ cosine }) => cosine);
}

function distances(actual: readonly Vector[], expected: readonly Vector[]): Distance[] {
  if (actual.length !== expected.length) {
    throw new RangeError(`${actual.length} vectors against ${expected.length}`);
  }
  return expected.map((vector, index) => pairDistance(actual[index] ?? [], vector));
}

function pairDistance(a: Vector, b: Vector): Distance {
  if (a.length !== b.length) throw new RangeError(`length ${a.length} against ${b.length}`);
  let [dot, aa, bb, maxAbs] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x = Number.NaN, y = Number.NaN] = [a[i], b[i]];
    dot += x * y;
    aa += x * x;
    bb += y * y;
    maxAbs = Math.max(maxAbs, Math.abs(x - y));
  }
  return { cosine: 1 - dot / Math.sqrt(aa * bb), maxAbs };
}
