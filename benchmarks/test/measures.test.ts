import { makeModel } from "@ripvec/driver-testkit";
import { describe, expect, test } from "vitest";
import { Checkpoint } from "../src/checkpoint.js";
import { distance } from "../src/compare.js";
import { randomEncodings } from "../src/encodings.js";
import { checkAgreement } from "../src/measures/agreement.js";
import { neighbours, overlap } from "../src/measures/neighbours.js";
import { withOutliers } from "../src/model/outliers.js";
import { classicBertOnnx } from "../src/onnx/classic-bert.js";
import { OnnxEncoder } from "../src/onnx/session.js";
import { parseOptions, usage } from "../src/options.js";

describe("neighbours", () => {
  const vectors = [0, 10, 20, 90, 100].map((degrees) => {
    const angle = (degrees * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  });

  test("are the nearest others, best first", () => {
    expect(neighbours(vectors, 2)).toEqual(
      [
        [1, 2],
        [0, 2],
        [1, 0],
        [4, 2],
        [3, 2],
      ].map((places, row) => (row === 1 ? expect.arrayContaining(places) : places)),
    );
  });

  test("overlap as a mean share, in any order", () => {
    const expected = [
      [1, 2],
      [0, 2],
    ];
    expect(
      overlap(
        [
          [2, 1],
          [0, 3],
        ],
        expected,
      ),
    ).toBe(0.75);
  });
});

test("an engine whose vectors turn away further than its dtype explains is refused by name", () => {
  const turned = (angle: number) => [[Math.cos(angle), Math.sin(angle)]];
  const agree = (dtype: "f32" | "i8", angle: number) =>
    checkAgreement({ name: "it", dtype }, "C", turned(angle), turned(0));
  expect(agree("i8", 0.1)).toBeCloseTo(0.005, 4);
  expect(() => agree("f32", 0.01)).toThrow(/load C: 1 − cos of it is 5\.00e-5; for f32/);
  expect(() => checkAgreement({ name: "it", dtype: "i8" }, "C", [[Number.NaN]], [[1]])).toThrow();
});

describe("outliers", () => {
  const spec = { layers: 2, hidden: 32, heads: 2, intermediate: 64, vocabSize: 90 } as const;
  const { files } = makeModel({ ...spec, family: "bert", seed: 1, maxPositions: 8 });
  const edited = withOutliers(files);
  const read = (from: ReadonlyMap<string, Uint8Array>) =>
    new Checkpoint(from.get("model.safetensors") ?? new Uint8Array());

  /** Factors other than 1 by the column they are in; all rows agree. */
  function factorsOf(name: string): Map<number, number> {
    const [was, is] = [read(files).get(name), read(edited).get(name)];
    const columns = was.shape.at(-1) ?? 1;
    const factors = new Map<number, number>();
    is.data.forEach((value, i) => {
      const before = was.data[i] ?? 0;
      if (value !== before) factors.set(i % columns, value / before);
    });
    return factors;
  }

  test("are the same few dimensions in every layer, 20 to 60 times as strong", () => {
    const [first, second] = [0, 1].map((layer) =>
      factorsOf(`encoder.layer.${layer}.attention.output.LayerNorm.weight`),
    );
    expect(first?.size).toBe(4);
    expect([...(first ?? [])].map(([column]) => column)).toEqual([...(second?.keys() ?? [])]);
    for (const factor of first?.values() ?? []) {
      expect(factor).toBeGreaterThan(19.99);
      expect(factor).toBeLessThan(60.01);
    }
  });

  test("are made up for by the matrix that reads them, and nothing else changes", () => {
    const strong = factorsOf("encoder.layer.0.attention.output.LayerNorm.weight");
    const weak = factorsOf("encoder.layer.0.intermediate.dense.weight");
    expect(weak.size).toBe(4);
    for (const [column, factor] of weak)
      expect(factor * (strong.get(column) ?? 0)).toBeCloseTo(1, 5);
    const changed = read(files).names.filter(
      (name) => !name.endsWith("position_ids") && factorsOf(name).size > 0,
    );
    expect(changed).toHaveLength(3 * spec.layers);
  });

  test("leave f32 vectors finite and different between texts", async () => {
    const encoder = await OnnxEncoder.load(classicBertOnnx(edited), { threads: 1 });
    const texts = randomEncodings([5, 8], { seed: 1, vocabSize: 90, firstId: 5 });
    const [a, b] = (await encoder.hiddenStates(texts, 0)).map(({ data }) => data.subarray(0, 32));
    await encoder.close();
    const { cosine } = distance([a ?? []], [b ?? []]);
    expect(cosine).toBeGreaterThan(1e-3);
  });
});

describe("options", () => {
  test("by default every engine and all but the longest measures", () => {
    const { measures, engines } = parseOptions([]);
    expect(measures).toContain("E-text-sorted");
    expect(measures).not.toContain("stream");
    expect(engines.map(({ name }) => name)).toContain("transformers.js");
  });

  test("names in the order given", () => {
    const { measures, engines } = parseOptions(["--loads", "C,A", "--engines", "onnxruntime,ours"]);
    expect(measures).toEqual(["C", "A"]);
    expect(engines.map(({ name }) => name)).toEqual(["onnxruntime", "ours"]);
  });

  test.each([
    ["--loads", "Z"],
    ["--engines", "theirs"],
    ["--rounds", "0"],
    ["--threads", "two"],
  ])("%s %s is refused", (option, value) => {
    expect(() => parseOptions([option, value])).toThrow(value);
  });

  test("help names them all", () => {
    for (const { name } of parseOptions([]).engines) expect(usage()).toContain(name);
  });
});
