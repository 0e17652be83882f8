import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tokenizer } from "@ripvec/core";
import { makeModel } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import { openModel } from "@ripvec/hub";
import { beforeAll, describe, expect, test } from "vitest";
import { topics, vocabulary } from "../src/texts/lexicon.js";
import { streamTexts, textOf, textsOf } from "../src/texts/texts.js";

let tokenizer: Tokenizer;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "ripvec-texts-"));
  const spec = { layers: 1, hidden: 8, heads: 1, intermediate: 8, vocabSize: 600 };
  const words = vocabulary;
  await writeModel(
    directory,
    makeModel({ ...spec, family: "bert", seed: 1, maxPositions: 8, words }),
  );
  ({ tokenizer } = await openModel(directory));
  await rm(directory, { recursive: true });
});

const tokensOf = (text: string) => tokenizer.encode(text).inputIds.length;

describe("texts", () => {
  test("have exactly the requested number of tokens, including [CLS] and [SEP]", () => {
    const lengths = Array.from({ length: 512 - 2 }, (_, i) => i + 3);
    expect(textsOf(lengths).map(tokensOf)).toEqual(lengths);
  });

  test("… on every topic", () => {
    const seeds = Array.from({ length: 40 * topics.length }, (_, seed) => seed);
    expect(new Set(seeds.map((seed) => tokensOf(textOf(50, seed))))).toEqual(new Set([50]));
  });

  test("are whole words: none is split into characters or unknown", () => {
    const unknown = tokenizer.encode("ß").inputIds[1];
    const ids = [...textsOf([200, 300]).map((text) => tokenizer.encode(text).inputIds)].flat();
    expect(ids).not.toContain(unknown);
    const words = textOf(400, 3).split(/[ .]+/).length;
    expect(words).toBeGreaterThan(250);
  });

  test("are the same for the same number, and differ otherwise", () => {
    expect(textOf(40, 7)).toBe(textOf(40, 7));
    expect(textOf(40, 7)).not.toBe(textOf(40, 7 + topics.length));
  });
});

test("a stream varies its lengths and generates texts one by one", () => {
  const lengths = [...streamTexts(66, 16, 48)].map(tokensOf);
  expect(lengths.toSorted((a, b) => a - b).filter((_, i) => i % 2 === 0)).toEqual(
    Array.from({ length: 33 }, (_, i) => 16 + i),
  );
  expect(streamTexts(1e9, 16, 48).next().done).toBe(false);
  expect([...streamTexts(3, 16, 48, 63)]).toEqual([...streamTexts(66, 16, 48)].slice(63));
});
