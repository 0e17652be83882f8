import { describe, expect, test } from "vitest";
import { checkAgreement } from "../src/measures/agreement.js";
import { neighbours, overlap } from "../src/measures/neighbours.js";
import { ratiosOf, type ScalingRound } from "../src/measures/scaling.js";
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

describe("scaling", () => {
  const round = (ratio: number, ...peaks: ScalingRound["peaks"]): ScalingRound => ({
    alone: 100 * ratio,
    together: 100,
    peaks,
  });

  test("on whole cores leaves out rounds with a low peak on either side", () => {
    const rounds = [round(1.5, 2, 1.6), round(1.6, 1.6, 1.95), round(1.9, 1.95, 2)];
    expect(ratiosOf(rounds, 2)).toEqual({
      ratio: 1.6,
      rounds: 3,
      peakRatio: 1.95,
      ratioOnWholeCores: 1.9,
      roundsOnWholeCores: 1,
    });
  });

  test("without a compiler there is no peak", () => {
    expect(ratiosOf([round(1.5, undefined, undefined)], 2)).toEqual({
      ratio: 1.5,
      rounds: 1,
      peakRatio: null,
      ratioOnWholeCores: null,
      roundsOnWholeCores: 0,
    });
  });
});

test("an engine whose vectors differ more than its dtype explains is refused by name", () => {
  const turned = (angle: number) => [[Math.cos(angle), Math.sin(angle)]];
  const agree = (dtype: "f32" | "i8", angle: number) =>
    checkAgreement({ name: "it", dtype }, "C", turned(angle), turned(0));
  expect(agree("i8", 0.1)).toBeCloseTo(0.005, 4);
  expect(() => agree("f32", 0.01)).toThrow(/load C: 1 − cos of it is 5\.00e-5; for f32/);
  expect(() => checkAgreement({ name: "it", dtype: "i8" }, "C", [[Number.NaN]], [[1]])).toThrow();
});

describe("options", () => {
  test("by default, every engine and all except the longest measures are chosen", () => {
    const { measures, engines } = parseOptions([]);
    expect(measures).toContain("E-text-sorted");
    expect(measures).not.toContain("stream");
    expect(engines.map(({ name }) => name)).toContain("transformers.js");
  });

  test("names keep the given order", () => {
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
