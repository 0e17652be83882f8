import { topicOf } from "../texts/texts.js";

type Vector = ArrayLike<number>;

/** For each vector, the indices of the `count` others with the largest dot product, best first. */
export function neighbours(vectors: readonly Vector[], count: number): number[][] {
  const dim = vectors[0]?.length ?? 0;
  const flat = new Float64Array(vectors.length * dim);
  vectors.forEach((vector, row) => {
    flat.set(vector, row * dim);
  });
  return vectors.map((vector, row) => {
    const scores = dotProducts(flat, Float64Array.from(vector));
    const others = Array.from(scores.keys()).filter((other) => other !== row);
    return others.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, count);
  });
}

/** Mean part of the expected neighbours that are among the actual ones. */
export function overlap(actual: readonly number[][], expected: readonly number[][]): number {
  const shares = expected.map((wanted, row) => {
    const found = new Set(actual[row]);
    return wanted.filter((place) => found.has(place)).length / wanted.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Mean part of the neighbours that share a text's topic. */
export function topicShare(nearest: readonly number[][]): number {
  const shares = nearest.map(
    (places, row) =>
      places.filter((place) => topicOf(place) === topicOf(row)).length / places.length,
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** flat [rows, dim] · vector [dim] */
function dotProducts(flat: Float64Array, vector: Float64Array): Float64Array {
  const products = new Float64Array(flat.length / vector.length);
  for (let row = 0, at = 0; row < products.length; row++) {
    let sum = 0;
    for (let i = 0; i < vector.length; i++, at++) sum += (flat[at] ?? 0) * (vector[i] ?? 0);
    products[row] = sum;
  }
  return products;
}
