import { expect, test } from "vitest";
import { VectorIndex } from "../src/engine/vector-index.js";

const vectors = [
  [3, 4],
  [0, -2],
  [1, 0],
  [30, 40],
  [0, 0],
  [-1, 1],
];

function filled(): VectorIndex {
  const index = new VectorIndex(2, 1);
  for (const vector of vectors) index.add(Float32Array.from(vector));
  return index;
}

test("ranks by cosine, not by length, and equal ones in their order", () => {
  const hits = filled().nearest(Float32Array.from([0, 7]), 4);
  expect(hits.map(({ chunk }) => chunk)).toEqual([0, 3, 5, 2].sort((a, b) => rank(a) - rank(b)));
  for (const { chunk, score } of hits) expect(score).toBeCloseTo(cosine(vectors[chunk], [0, 7]), 6);
});

test("grows, and returns no more rows than it has", () => {
  const index = filled();
  expect(index.count).toBe(6);
  expect(index.rows).toHaveLength(12);
  expect(index.nearest(Float32Array.from([1, 1]), 99)).toHaveLength(6);
  expect(new VectorIndex(2).nearest(Float32Array.from([1, 1]), 3)).toEqual([]);
});

test("keeps a copy, and leaves zero vectors unchanged", () => {
  const index = new VectorIndex(2);
  const vector = Float32Array.from([0, 5]);
  index.add(vector);
  vector[1] = -5;
  index.add(new Float32Array(2));
  expect(index.nearest(Float32Array.from([0, 1]), 2)).toEqual([
    { chunk: 0, score: 1 },
    { chunk: 1, score: 0 },
  ]);
});

function cosine([a = 0, b = 0]: readonly number[] = [], [c = 0, d = 0]: readonly number[]): number {
  const lengths = Math.sqrt(a * a + b * b) * Math.sqrt(c * c + d * d);
  return lengths === 0 ? 0 : (a * c + b * d) / lengths;
}

function rank(chunk: number): number {
  const order = vectors.map((vector, id) => ({ id, score: cosine(vector, [0, 7]) }));
  order.sort((a, b) => b.score - a.score || a.id - b.id);
  return order.findIndex(({ id }) => id === chunk);
}
