import { makeModel } from "@ripvec/driver-testkit";
import { describe, expect, test } from "vitest";
import { distance } from "../src/compare.js";
import { randomEncodings } from "../src/encodings.js";
import { classicBertOnnx, type OnnxOptions } from "../src/onnx/classic-bert.js";
import { quantizeColumns, quantizeTensor } from "../src/onnx/quantize.js";
import { OnnxEncoder } from "../src/onnx/session.js";
import { variants } from "./variants.js";

const spec = {
  family: "bert",
  seed: 3,
  layers: 3,
  hidden: 96,
  heads: 3,
  intermediate: 192,
  vocabSize: 200,
  maxPositions: 64,
} as const;

const encodingsOf = (lengths: readonly number[], vocabSize: number) =>
  randomEncodings(lengths, { seed: 5, vocabSize, firstId: 5 });

async function statesOf(
  files: ReadonlyMap<string, Uint8Array>,
  options: OnnxOptions,
  lengths: readonly number[],
): Promise<Float32Array[]> {
  const encoder = await OnnxEncoder.load(classicBertOnnx(files, options), { threads: 1 });
  const states = await encoder.hiddenStates(encodingsOf(lengths, 90), 0);
  await encoder.close();
  return states.map(({ data }) => data);
}

describe("graphs in 8 bits", () => {
  const { files } = makeModel(spec);
  const lengths = [1, 7, 33];

  test.each(["plain", "attention", "multi-head"] as const)("%s is close to f32", async (form) => {
    const [exact, rounded] = [
      await statesOf(files, { form }, lengths),
      await statesOf(files, { form, weights: "i8" }, lengths),
    ];
    const { cosine } = distance(rounded, exact);
    // 8 bits of each of a few hundred products keep three digits. A wrong scale or zero point keeps
    // none.
    expect(cosine).toBeLessThan(5e-3);
    expect(cosine).toBeGreaterThan(1e-7);
  });
});

describe.each(variants)("without a mask: %s", (_, variant) => {
  const { files } = makeModel(variant);

  test.each(["plain", "attention", "multi-head"] as const)("%s", async (form) => {
    const masked = await statesOf(files, { form }, [13, 13]);
    const unmasked = await statesOf(files, { form, masked: false }, [13, 13]);
    expect(distance(unmasked, masked).maxAbs).toBeLessThan(1e-5);
  });
});

test("a graph without a mask refuses texts of several lengths", async () => {
  const { files } = makeModel(spec);
  await expect(statesOf(files, { masked: false }, [3, 4])).rejects.toThrow(/one length/);
});

test("columns have their own scales, ties round to even, and zeros stay zero", () => {
  const { values, scales } = quantizeColumns(Float32Array.of(127, 0, -63.5, 0, 2.5, 0, 0.5, 0), 2);
  expect([...scales]).toEqual([1, 0]);
  expect([...values]).toEqual([127, 0, -64, 0, 2, 0, 0, 0]);
});

test("a tensor has one scale", () => {
  const { values, scale } = quantizeTensor(Float32Array.of(-254, 127, 1));
  expect(scale).toBe(2);
  expect([...values]).toEqual([-127, 64, 0]);
});
