import fc from "fast-check";
import { expect, test } from "vitest";
import { cosine } from "../src/embedder/similarity.js";
import { TopRanked } from "../src/rank.js";

test("the best of a stream are the first of a stable sort", () => {
  const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 12 }), (values, count) => {
      const top = new TopRanked<number>(count);
      for (const [index, score] of values.entries()) top.add(score, index);
      const sorted = values
        .map((score, item) => ({ score, item }))
        .sort((a, b) => b.score - a.score)
        .slice(0, count);
      expect(top.ranked()).toEqual(sorted);
    }),
  );
});

test("a score that is NaN is left out", () => {
  const top = new TopRanked<string>(3);
  top.add(Number.NaN, "bad");
  top.add(-1, "good");
  expect(top.ranked()).toEqual([{ score: -1, item: "good" }]);
});

test("cosine ignores length and accepts the zero vector", () => {
  const of = (...values: number[]) => Float32Array.from(values);
  expect(cosine(of(3, 4), of(6, 8))).toBeCloseTo(1, 12);
  expect(cosine(of(1, 0), of(0, 5))).toBe(0);
  expect(cosine(of(2, 1), of(-2, -1))).toBeCloseTo(-1, 12);
  expect(cosine(of(0, 0), of(1, 1))).toBe(0);
});
