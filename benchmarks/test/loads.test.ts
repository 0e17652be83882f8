import { describe, expect, onTestFinished, test, vi } from "vitest";
import { flopsOf } from "../src/flops.js";
import { loads } from "../src/loads.js";
import { measure } from "../src/measures/rounds.js";

describe("loads", () => {
  test("E has 256 texts of 8 to 512 tokens, about 120 on average, with long and short ones mixed", () => {
    const lengths = loads.find(({ name }) => name === "E")?.lengths ?? [];
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(lengths).toHaveLength(256);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...lengths)).toBe(512);
    expect(Math.abs(mean - 120)).toBeLessThan(5);
  });

  test("E-sorted has the same texts", () => {
    const lengthsOf = (name: string) => loads.find((load) => load.name === name)?.lengths ?? [];
    expect(lengthsOf("E-sorted")).toEqual([...lengthsOf("E")].sort((a, b) => a - b));
  });
});

test("flops of one token of BGE-small: 42.5 M in matrices and little in attention", () => {
  expect(flopsOf({ layers: 12, hidden: 384, intermediate: 1536 }, [1])).toBe(
    12 * (2 * (4 * 384 * 384 + 2 * 384 * 1536) + 4 * 384),
  );
});

/** A clock that only the jobs advance. */
function clock(): (ms: number) => void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  return (ms) => {
    now += ms;
  };
}

test("jobs take turns, and each round begins with another one", async () => {
  const pass = clock();
  const calls: string[] = [];
  const run = async (key: string) => {
    calls.push(key);
    pass(1);
  };
  const jobs = ["a", "b"].map((key) => ({ key, run: () => run(key) }));
  const rounds = { count: 2, minCount: 1, maxMs: 60_000, repeatMs: 0, restMs: 0 };
  const timings = await measure(jobs, rounds);
  expect(calls.join("")).toBe("abba");
  expect(timings.map(({ key, ms }) => [key, ms])).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
});

test("the first run of short work in a turn is not timed", async () => {
  const pass = clock();
  let runs = 0;
  const run = async () => pass(runs++ === 0 ? 40 : 2);
  const rounds = { count: 1, minCount: 1, maxMs: 60_000, repeatMs: 100, restMs: 0 };
  const [timing] = await measure([{ key: "a", run }], rounds);
  expect(timing?.ms).toBe(2);
  expect(runs).toBe(1 + 100 / 2);
});

test("rounds end when their time is over, but not before the minimum number", async () => {
  const rounds = { count: 9, minCount: 3, maxMs: 0, repeatMs: 0, restMs: 0 };
  const [timing] = await measure([{ key: "a", run: async () => {} }], rounds);
  expect(timing?.rounds).toBe(3);
});
