import { makeModel } from "@ripvec/driver-testkit";
import { describe, expect, test } from "vitest";
import { distance } from "../src/compare.js";
import { randomEncodings } from "../src/encodings.js";
import { classicBertOnnx } from "../src/onnx/classic-bert.js";
import { OnnxEncoder } from "../src/onnx/session.js";
import { f64HiddenState } from "./f64-bert.js";
import { padIdOf, tokenTypesOf, variants } from "./variants.js";

describe.each(variants)("the graph of %s", (_, spec) => {
  const { files } = makeModel(spec);
  const encodings = randomEncodings([1, 2, 7, 13, 33], {
    seed: 5,
    vocabSize: spec.vocabSize,
    firstId: 5,
    tokenTypes: tokenTypesOf(spec),
  });
  const expected = encodings.map((encoding) => flat(f64HiddenState(files, encoding)));

  test.each([
    ["plain", "disabled"],
    ["plain", "all"],
    ["attention", "all"],
    ["multi-head", "all"],
  ] as const)("equals the f64 loops: form %s, optimization %s", async (form, optimization) => {
    const model = classicBertOnnx(files, { form });
    const encoder = await OnnxEncoder.load(model, { optimization, threads: 1 });
    const padded = await encoder.hiddenStates(encodings, padIdOf(spec));
    const alone = [];
    for (const encoding of encodings) {
      alone.push(...(await encoder.hiddenStates([encoding], padIdOf(spec))));
    }
    await encoder.close();
    for (const states of [alone, padded]) {
      const data = states.map((state) => state.data);
      // f32 keeps 6e-8 of values near 1. tanh in place of erf changes them by 1e-4, a wrong name or
      // mask by 1.
      expect(distance(data, expected).maxAbs).toBeLessThan(1e-5);
    }
  });

  test.each(["plain", "attention"] as const)(
    "is close in f16, with first states only: form %s",
    async (form) => {
      const model = classicBertOnnx(files, { form, floats: "f16", states: "first" });
      const encoder = await OnnxEncoder.load(model, { threads: 1 });
      const states = await encoder.hiddenStates(encodings, padIdOf(spec));
      await encoder.close();
      expect(states.map(({ rows }) => rows)).toEqual(encodings.map(() => 1));
      const firsts = expected.map((state) => state.slice(0, states[0]?.columns));
      // f16 keeps 5e-4 of values near 1, and the errors of layers add up. A wrong mask or weight
      // changes them by 1.
      expect(
        distance(
          states.map(({ data }) => data),
          firsts,
        ).maxAbs,
      ).toBeLessThan(3e-2);
    },
  );
});

function flat(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
