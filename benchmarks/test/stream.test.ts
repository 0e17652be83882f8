import { describe, expect, test } from "vitest";
import { tokenizerOf } from "../src/measures/context.js";
import { PacedTexts } from "../src/measures/paced-texts.js";
import { quartiles } from "../src/measures/rounds.js";
import { streamRow } from "../src/measures/stream.js";
import { type StreamSlice, streamCosts } from "../src/measures/stream-costs.js";
import { ModelFolder } from "../src/model/model-folder.js";
import { bertTiny } from "../src/model/specs.js";
import { formatStream } from "../src/report/sections.js";
import { streamTexts } from "../src/texts/texts.js";

const slice = (facts: Partial<StreamSlice>): StreamSlice => ({
  texts: 10_000,
  tokens: 1000,
  longMs: 5,
  shortMs: 5,
  rssBytes: 2 ** 20,
  peakRssBytes: 2 ** 21,
  heapBytes: 2 ** 19,
  bufferBytes: 0,
  ...facts,
});

test("paced texts wait before each slice, and end by themselves", async () => {
  const paced = new PacedTexts(["a", "b", "c"], 2);
  const texts = paced[Symbol.asyncIterator]();
  const arrived: unknown[] = [];
  const pull = async () => {
    const { value, done } = await texts.next();
    arrived.push(done ? "end" : value);
  };
  const first = pull();
  await new Promise(setImmediate);
  expect(arrived).toEqual([]);
  paced.open();
  await first;
  await pull();
  const third = pull();
  await new Promise(setImmediate);
  expect(arrived).toEqual(["a", "b"]);
  paced.open();
  await third;
  await pull();
  expect(arrived).toEqual(["a", "b", "c", "end"]);
});

test("slices of one stream have its texts in order, each once", async () => {
  await using folder = await ModelFolder.create(bertTiny);
  const sizes = { slices: 3, sliceTexts: 40, shortTexts: 20 };
  const slices = await streamCosts({ engine: "ours", model: folder.model, threads: 1, ...sizes });
  const tokenizer = await tokenizerOf(folder);
  const lengths = [...streamTexts(120, 16, 48)].map(
    (each) => tokenizer.encode(each).inputIds.length,
  );
  const sum = (from: number) => lengths.slice(from, from + 40).reduce((a, b) => a + b);
  expect(slices.map(({ texts }) => texts)).toEqual([40, 80, 120]);
  expect(slices.map(({ tokens }) => tokens)).toEqual([0, 40, 80].map(sum));
  for (const { longMs, shortMs } of slices) expect(Math.min(longMs, shortMs)).toBeGreaterThan(0);
});

describe("a row", () => {
  const row = streamRow("ours", [
    slice({ longMs: 8, shortMs: 10 }),
    slice({ longMs: 10, shortMs: 10 }),
    slice({ longMs: 22, shortMs: 20, texts: 100_000 }),
  ]);

  test("compares each slice with its own short streams", () => {
    expect(row.longOverShort.median).toBe(1);
    expect(row.longOverShort.low).toBeCloseTo(0.9);
    expect(row.longOverShort.high).toBeCloseTo(1.05);
    expect(row.microsecondsPerToken).toBe(10);
  });

  test("reports memory at 10,000 texts and at the end", () => {
    expect(formatStream([row])).toMatch(
      /MiB after 10,000 .*MiB after 100,000\n.* 1 \(1, 2\) .* 1 \(1, 2\)$/,
    );
  });
});

test("quartiles are interpolated between samples", () => {
  expect(quartiles([4, 1, 2, 3])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
});
