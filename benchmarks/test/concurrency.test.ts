import { classicBert } from "@ripvec/arch-classic-bert";
import { GenericBackend } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { makeModel } from "@ripvec/driver-testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomEncodings } from "../src/encodings.js";

/** A whole model on the real driver, with batches so small that a call needs many. */
let backend: GenericBackend;

beforeAll(async () => {
  const { source: model } = makeModel({
    family: "bert",
    seed: 5,
    layers: 4,
    hidden: 192,
    heads: 6,
    intermediate: 768,
    vocabSize: 500,
    maxPositions: 512,
  });
  const driver = await cpu();
  backend = await GenericBackend.create({ driver, arch: classicBert, model, maxBatchTokens: 1024 });
});

afterAll(() => backend.close());

const texts = (lengths: readonly number[], seed: number) =>
  randomEncodings(lengths, { seed, vocabSize: 500, firstId: 10 });

test("200 concurrent calls get their own rows", async () => {
  const calls = Array.from({ length: 200 }, (_, i) => texts([1 + ((i * 37) % 90), 1 + (i % 7)], i));
  const together = await Promise.all(calls.map((call) => backend.embedBatch(call)));
  for (const [i, call] of calls.entries()) {
    expect(together[i], `call ${i}`).toEqual(await backend.embedBatch(call));
  }
});

test("an aborted call ends at once, and the others continue", async () => {
  const aborter = new AbortController();
  const long = texts(new Array(400).fill(128), 1);
  const short = texts([3, 5, 8], 2);
  const expected = await backend.embedBatch(short);
  let settled = 0;
  const aborted = backend.embedBatch(long, { signal: aborter.signal }).catch((reason) => {
    settled = performance.now();
    return reason;
  });
  const other = backend.embedBatch(short);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const reason = new Error("enough");
  aborter.abort(reason);
  const start = performance.now();
  expect(await aborted).toBe(reason);
  expect(await other).toEqual(expected);
  const oneBatch = texts(new Array(8).fill(128), 3);
  const restart = performance.now();
  await backend.embedBatch(oneBatch);
  const batchMs = performance.now() - restart;
  expect(settled - start).toBeLessThan(batchMs + 50);
});
