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
  ] as const)("is what f64 loops compute: form %s, optimization %s", async (form, optimization) => {
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
      // f32 keeps 6e-8 of values near 1; tanh for erf moves them by 1e-4, a wrong name or mask by 1.
      expect(distance(data, expected).maxAbs).toBeLessThan(1e-5);
    }
  });
});

function flat(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
