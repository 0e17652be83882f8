import { cut, type Hit, ranked } from "./metrics.js";
import type { Entry } from "./yardstick.js";

/**
 * For each query, the ten documents whose vectors have the largest dot product with its own, by
 * exact comparison with all. Vectors are [dim] and belong to the entry at the same index.
 */
export function nearest(
  queries: readonly Float32Array[],
  vectors: readonly Float32Array[],
  documents: readonly Entry[],
): Hit[][] {
  return queries.map((query) => {
    const hits = documents.map(({ id }, at) => ({
      document: id,
      score: product(query, vectors[at] ?? new Float32Array(query.length)),
    }));
    return ranked(hits).slice(0, cut);
  });
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
