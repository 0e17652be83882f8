import { describe, expect, test } from "vitest";
import { plot } from "../src/report/plot.js";
import type { Results } from "../src/report/results.js";
import { formatRows, type Measured, rated } from "../src/report/rows.js";

const row = (facts: Partial<Measured>): Measured => ({
  load: "A",
  engine: "ours",
  dtype: "f32",
  side: "ours",
  ms: 4,
  tokensPerSecond: 4000,
  gflops: 170.25,
  spread: 0.031,
  rounds: 7,
  cosine: 3e-12,
  ...facts,
});

const peer = (engine: string, tokensPerSecond: number, facts: Partial<Measured> = {}) =>
  row({ engine, side: "peer", tokensPerSecond, ...facts });

describe("rows", () => {
  test("are compared with the best peer of their own load and kind of weights", () => {
    const rows = rated(
      [
        row({}),
        row({ engine: "ours-bf16", dtype: "bf16", tokensPerSecond: 5000 }),
        row({ engine: "ours-i8", dtype: "i8", tokensPerSecond: 9000 }),
        peer("slow", 1000),
        peer("fast", 2000),
        peer("fast-i8", 3000, { dtype: "i8" }),
        peer("fast", 8000, { load: "B" }),
      ],
      340.5,
    );
    expect(rows.map((each) => each.ratioToBestPeer)).toEqual([2, 2.5, 3, 0.5, 1, 1, 1]);
    expect(rows[0]?.percentOfPeak).toBe(50);
  });

  test("say when the peak is unknown and when there is no peer", () => {
    expect(formatRows(rated([row({})], null))).toBe(
      [
        "load  engine  dtype    ms  tokens/s  GFLOP/s  % of peak  × best peer  1 − cos  spread  rounds",
        "A     ours    f32    4.00      4000    170.3          –            –    3e-12   3.1 %       7",
      ].join("\n"),
    );
  });
});

describe("the plot", () => {
  const results = (rows: readonly Measured[], cpu = "Test CPU"): Results => ({
    machine: {
      date: "2026-01-02T03:04:05.678Z",
      cpu,
      platform: "linux x64",
      threads: 2,
      memoryBytes: 1,
      node: "v20",
      instructionSet: "avx2",
      peakGflops: 200,
      peers: {},
    },
    leftOut: [],
    rows: rated(rows, 200),
  });

  test("shows ripvec and the best peer of each kind, and no other", () => {
    const svg = plot(
      results([
        row({}),
        peer("slow-peer", 1000),
        peer("fast-peer", 2000),
        peer("fast-i8", 3000, { dtype: "i8" }),
      ]),
    );
    for (const shown of [">ours<", ">fast-peer<", ">fast-i8<", ">4,000 · 85 % · 4.0 ms<"]) {
      expect(svg).toContain(shown);
    }
    expect(svg).not.toContain("slow-peer");
  });

  test("is well-formed for every name of the machine", () => {
    const svg = plot(results([row({}), row({ load: "E" }), row({ load: "F" })], '<A&B "1">'));
    expect(svg).toContain("&lt;A&amp;B");
    expect(openElements(svg)).toEqual([]);
  });

  test("makes bars of twice the rate twice as long", () => {
    const svg = plot(results([row({}), peer("half", 2000)]));
    const widths = [...svg.matchAll(/class="bar [^>]*y="\d+" width="([\d.]+)" height="16"/g)];
    const [ours = 0, half = 0] = widths.map(([, width]) => Number(width));
    expect(half).toBeGreaterThan(0);
    expect(ours / half).toBeCloseTo(2, 1);
  });
});

/**
 * The tags that are still open when tags are matched by hand; throws at the first that does not
 * match.
 */
function openElements(svg: string): string[] {
  const open: string[] = [];
  for (const [, close, name, selfClosing] of svg.matchAll(
    /<(\/?)([a-z]+)(?:\s[a-zA-Z0-9-]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (close) expect(open.pop()).toBe(name);
    else if (!selfClosing && name) open.push(name);
  }
  expect(svg.replace(/<\/?[a-z]+(?:\s[a-zA-Z0-9-]+="[^"<]*")*\s*\/?>/g, "")).not.toMatch(/[<]/);
  return open;
}
