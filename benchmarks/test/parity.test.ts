import type { Encoding } from "@ripvec/core";
import { type MadeModel, makeModel } from "@ripvec/driver-testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomEncodings } from "../src/encodings.js";
import { classicBertOnnx } from "../src/onnx/classic-bert.js";
import { OnnxEncoder } from "../src/onnx/session.js";
import { normalized } from "../src/pooling.js";
import { type Geometry, geometries, mixedLengths } from "./geometries.js";
import {
  expectSame,
  paddedPeerVectors,
  padTo,
  peerVectors,
  rawScale,
  withOurs,
} from "./parity-kit.js";
import { padIdOf, tokenTypesOf } from "./variants.js";

/** Generating a model's weights takes seconds on a busy machine. */
const setUpMs = 120_000;

describe.each(geometries)("$name", ({ spec }: Geometry) => {
  const peerOptions = { pooling: spec.pooling, padId: padIdOf(spec) };
  let made: MadeModel;
  let peer: OnnxEncoder;
  let encodings: Encoding[];
  let expected: Float64Array[];
  let vectors: Float32Array[];

  beforeAll(async () => {
    made = makeModel(spec);
    peer = await OnnxEncoder.load(classicBertOnnx(made.files));
    encodings = randomEncodings(mixedLengths, {
      seed: 7,
      vocabSize: spec.vocabSize,
      firstId: 5,
      tokenTypes: tokenTypesOf(spec),
    });
    expected = await peerVectors(peer, encodings, peerOptions);
    vectors = await withOurs(made, {}, (backend) => backend.embedBatch(encodings));
  }, setUpMs);
  afterAll(() => peer.close());

  test("unit vectors equal onnxruntime's", () => {
    expectSame("unit", vectors, expected.map(normalized));
  });

  test("vectors before normalisation equal onnxruntime's", async () => {
    const raw = await withOurs(made, { normalize: false }, (ours) => ours.embedBatch(encodings));
    expectSame("raw", raw, expected, rawScale(spec));
  });

  test("masked padding is ignored: onnxruntime padded, ripvec padded, ripvec alone", async () => {
    const short = encodings.filter(({ inputIds }) => inputIds.length <= 65);
    const padded = short.map((encoding) => padTo(65, encoding, peerOptions.padId));
    const ours = await withOurs(made, {}, (backend) => backend.embedBatch(padded));
    expect(ours).toEqual(vectors.slice(0, short.length));
    expectSame("padded", ours, await paddedPeerVectors(peer, short, peerOptions));
  });

  test("a vector is bit-identical alone and in any batch", async () => {
    await withOurs(made, { maxBatch: 1 }, async (ours) => {
      expect(await ours.embedBatch(encodings)).toEqual(vectors);
    });
  });

  test("… in any order and packing", async () => {
    await withOurs(made, { maxBatchTokens: 64 }, async (ours) => {
      const reversed = await ours.embedBatch(encodings.toReversed());
      expect(reversed.toReversed()).toEqual(vectors);
    });
  });

  test("… among any neighbours, on any number of threads", async () => {
    const shortCount = 8;
    const neighbours = encodings.flatMap((encoding, at) => [
      encoding,
      encodings[(at * 5 + 3) % shortCount] ?? encoding,
    ]);
    await withOurs(made, { threads: 1 }, async (ours) => {
      const among = await ours.embedBatch(neighbours);
      expect(among.filter((_, at) => at % 2 === 0)).toEqual(vectors);
    });
  });
});
