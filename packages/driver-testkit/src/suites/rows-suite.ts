import type { ActivationDType, Driver, WeightDType } from "@ripvec/core";
import { type Ops, type Tensor, weightView } from "@ripvec/core/driver";
import { Random } from "../numbers/random.js";
import { expectThat } from "../run/conformance-error.js";
import { bring, valuesOf } from "../run/host-values.js";
import { narrowDTypes, needsF16, needsWeights, type SuiteTest } from "./suite.js";

/** Parts of 67 rows: alone, in pairs, on both sides of a tile. */
const parts: readonly (readonly [from: number, to: number])[] = [
  [0, 1],
  [66, 67],
  [3, 5],
  [10, 26],
  [1, 66],
  [33, 67],
];

/** Rows with a value far from all others, which must not coarsen the rows around them. */
const rowsOfOutliers = [4, 11, 40, 66];

const widths = [64, 769];

/** A row's result must not depend on the rows around it: bit by bit, at the widths of real models. */
export const rowsSuite: readonly SuiteTest[] = [
  ...(["f32", "f16"] as const).flatMap((activations) => [
    rowsTest(activations, "linear rows", linearRows),
    rowsTest(activations, "layer_norm rows", layerNormRows),
    rowsTest(activations, "attention sequences", attentionSequences),
  ]),
  ...narrowDTypes.map((dtype) => ({
    name: `invariance: linear rows don't depend on their neighbours, ${dtype} weights`,
    lacks: needsWeights(dtype),
    run: (driver: Driver) => linearRows(driver, "f32", dtype),
  })),
];

function rowsTest(
  activations: ActivationDType,
  name: string,
  body: (driver: Driver, activations: ActivationDType) => Promise<void>,
): SuiteTest {
  return {
    name: `invariance: ${name} don't depend on their neighbours, ${activations}`,
    lacks: (driver) => (activations === "f16" ? needsF16(driver) : undefined),
    run: (driver) => body(driver, activations),
  };
}

async function linearRows(
  driver: Driver,
  activations: ActivationDType,
  dtype: WeightDType = "f32",
): Promise<void> {
  for (const inputs of widths) {
    const outputs = 131;
    const random = new Random(`linear rows ${inputs}`);
    const view = weightView("w", [outputs, inputs], random.normals(outputs * inputs, 0.05));
    const weight = driver.createTensor(view, "matrix", { dtype });
    await compareParts(driver, activations, inputs, outputs, (ops, x, out) => {
      ops.linear({ x, weight, activation: "erf", out });
    });
  }
}

async function layerNormRows(driver: Driver, activations: ActivationDType): Promise<void> {
  for (const cols of widths) {
    const ones = weightView("w", [cols], new Float32Array(cols).fill(1));
    const weight = driver.createTensor(ones, "vector");
    await compareParts(driver, activations, cols, cols, (ops, x, out) => {
      ops.layer_norm({ x, weight, eps: 1e-6, out });
    });
  }
}

async function compareParts(
  driver: Driver,
  activations: ActivationDType,
  cols: number,
  outCols: number,
  op: (ops: Ops, x: Tensor, out: Tensor) => void,
): Promise<void> {
  const values = new Random(`rows of ${cols}`).normals(67 * cols);
  for (const row of rowsOfOutliers) values[row * cols + (row % cols)] = 1000;
  const run = (from: number, to: number) =>
    floatsOf(driver, activations, (ops) => {
      const x = bring(ops, activations, [to - from, cols], values.subarray(from * cols, to * cols));
      const out = ops.alloc(activations, [to - from, outCols]);
      op(ops, x, out);
      return out;
    });
  const whole = await run(0, 67);
  for (const [from, to] of parts) {
    const want = whole.subarray(from * outCols, to * outCols);
    expectSame(await run(from, to), want, `rows ${from} to ${to} of 67, ${cols} wide`);
  }
}

const attentionForms = [
  { headDim: 32, causal: false, isBiased: false },
  { headDim: 33, causal: false, isBiased: false },
  { headDim: 33, causal: false, isBiased: true },
  { headDim: 32, causal: true, isBiased: true },
];

async function attentionSequences(driver: Driver, activations: ActivationDType): Promise<void> {
  const lengths = [130, 7, 300, 1, 64];
  const biases = new Random("biases").normals(2 * 41);
  for (const { headDim, causal, isBiased } of attentionForms) {
    const width = 6 * headDim;
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    const values = new Random(`sequences ${headDim}`).normals(tokens * width);
    const run = (from: number, seqLens: readonly number[]) => {
      const rows = seqLens.reduce((sum, length) => sum + length, 0);
      return floatsOf(driver, activations, (ops) => {
        const part = values.subarray(from * width, (from + rows) * width);
        const out = ops.alloc(activations, [rows, 2 * headDim]);
        const qkv = bring(ops, activations, [rows, width], part);
        const scale = 1 / Math.sqrt(headDim);
        const positionBias = isBiased ? ops.input(biases, [2, 41]) : undefined;
        const form = { heads: 2, headDim, scale, causal, positionBias };
        ops.attention({ qkv, layout: ops.layout(seqLens), ...form, out });
        return out;
      });
    };
    const whole = await run(0, lengths);
    let from = 0;
    for (const length of lengths) {
      const want = whole.subarray(from * 2 * headDim, (from + length) * 2 * headDim);
      const name = `the sequence of ${length} tokens among ${lengths.join(", ")}`;
      expectSame(await run(from, [length]), want, name);
      from += length;
    }
  }
}

async function floatsOf(
  driver: Driver,
  activations: ActivationDType,
  record: (ops: Ops) => Tensor,
): Promise<Float64Array> {
  return valuesOf(activations, await driver.run(record, { poison: true }));
}

function expectSame(got: Float64Array, want: Float64Array, what: string): void {
  got.forEach((value, i) => {
    expectThat(!Number.isNaN(value) && Object.is(value, want[i]), () => {
      return `${what}: element ${i} is ${value} alone and ${want[i]} with the others`;
    });
  });
}
