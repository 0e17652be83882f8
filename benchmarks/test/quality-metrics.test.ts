import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Hit, ndcg, ranked, reciprocalRank } from "../src/quality/metrics.js";

interface Case {
  readonly judged: Readonly<Record<string, number>>;
  readonly hits: readonly Hit[];
  readonly ndcg_cut_10: number;
  readonly recip_rank: number;
}

const fixture = new URL("fixtures/trec-eval.json", import.meta.url);
const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(fixture, "utf8"));

const judgedOf = (judged: Readonly<Record<string, number>>) => new Map(Object.entries(judged));
/** Hits in this order, best first. */
const found = (...documents: string[]): Hit[] =>
  documents.map((document, at) => ({ document, score: -at }));
const many = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);

describe("the values of trec_eval", () => {
  test("nDCG@10 is its ndcg_cut_10", () => {
    for (const { judged, hits, ndcg_cut_10 } of cases)
      expect(ndcg(hits, judgedOf(judged))).toBeCloseTo(ndcg_cut_10, 12);
  });

  test("the reciprocal rank is its recip_rank, and 0 beyond the tenth hit", () => {
    for (const { judged, hits, recip_rank } of cases)
      expect(reciprocalRank(hits, judgedOf(judged))).toBeCloseTo(
        recip_rank < 0.1 ? 0 : recip_rank,
        12,
      );
  });

  test("the cases cover few hits, late and missing relevant hits, negative judgements and ties", () => {
    const has = (what: (each: Case) => boolean) => cases.filter(what).length;
    expect(has(({ hits }) => hits.length < 10)).toBeGreaterThan(5);
    expect(has(({ recip_rank }) => recip_rank > 0 && recip_rank < 0.1)).toBeGreaterThan(1);
    expect(has(({ ndcg_cut_10 }) => ndcg_cut_10 === 0)).toBeGreaterThan(1);
    expect(has(({ judged }) => Math.min(...Object.values(judged)) < 0)).toBeGreaterThan(5);
    expect(
      has(({ hits }) => new Set(hits.map(({ score }) => score)).size < hits.length),
    ).toBeGreaterThan(20);
  });
});

describe("nDCG@10", () => {
  // The example of Wikipedia's article: relevance 3, 2, 3, 0, 1, 2 in the order found, and 3 and 2
  // that were not found. DCG is 6.861. The best order of six has 8.740; with ten ranks, 1 / log2(8)
  // of the seventh is added.
  test("equals the known example with graded gains", () => {
    const judged = judgedOf({ a: 3, b: 2, c: 3, d: 0, e: 1, f: 2, g: 3, h: 2 });
    expect(ndcg(found("a", "b", "c", "d", "e", "f"), judged)).toBeCloseTo(
      6.861 / (8.74 + 1 / 3),
      3,
    );
  });

  test("counts a relevance of 2 as 2, and not as 3 like 2^relevance − 1", () => {
    const judged = judgedOf({ best: 2, good: 1 });
    expect(ndcg(found("good", "best"), judged)).toBeCloseTo(
      (1 + 2 / Math.log2(3)) / (2 + 1 / Math.log2(3)),
      12,
    );
  });

  test("uses ten hits, and the best order has ten ranks too", () => {
    const relevant = judgedOf(Object.fromEntries(many(30).map((name) => [name, 1])));
    expect(ndcg(found(...many(10)), relevant)).toBe(1);
    expect(ndcg(found(...Array.from({ length: 10 }, (_, at) => `x${at}`), "n0"), relevant)).toBe(0);
  });

  test("is 0 without hits and when nothing is relevant", () => {
    expect(ndcg([], judgedOf({ a: 1 }))).toBe(0);
    expect(ndcg(found("a"), judgedOf({ a: 0 }))).toBe(0);
    expect(ndcg(found("a"), new Map())).toBe(0);
  });
});

test("the reciprocal rank uses the rank, from 1, of the first relevant hit", () => {
  expect(reciprocalRank(found("x", "y", "a", "b"), judgedOf({ a: 1, b: 3 }))).toBe(1 / 3);
  expect(reciprocalRank(found(...many(9), "a"), judgedOf({ a: 1 }))).toBe(0.1);
  expect(reciprocalRank(found(...many(10), "a"), judgedOf({ a: 1 }))).toBe(0);
});

test("of equal scores the greater id comes first, in any input order", () => {
  const hits = [
    { document: "10", score: 1 },
    { document: "9", score: 1 },
    { document: "1", score: 2 },
  ];
  const order = ["1", "9", "10"];
  expect(ranked(hits).map(({ document }) => document)).toEqual(order);
  expect(ranked(hits.toReversed()).map(({ document }) => document)).toEqual(order);
});
