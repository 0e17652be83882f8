import {
  type Driver,
  isRipvecError,
  type Tensor,
  type WeightDType,
  weightView,
} from "@ripvec/core";
import { encodeTensor } from "../model/safetensors.js";
import { Random } from "../numbers/random.js";
import { referenceDriver } from "../reference/reference-driver.js";
import { expectThat } from "../run/conformance-error.js";
import { expectValues, oddView, project } from "./contract-helpers.js";
import { expectSameBits } from "./model-suite.js";
import { type NarrowDType, narrowDTypes, needsWeights, type SuiteTest } from "./suite.js";
import { randomTexts, TinyEncoder } from "./tiny-encoder.js";

/** Matrices that are kept in fewer bits: how they are made, refused and released, and a whole model on them. */
export const keptWeightsSuite: readonly SuiteTest[] = narrowDTypes.flatMap((dtype): SuiteTest[] => [
  {
    name: `weights: the checkpoint's own dtype does not matter, ${dtype}`,
    lacks: needsWeights(dtype),
    run: (driver) => sameFromEveryCheckpoint(driver, dtype),
  },
  {
    name: `weights: matrices of other dtypes beside each other, ${dtype}`,
    lacks: needsWeights(dtype),
    run: (driver) => besideEachOther(driver, dtype),
  },
  {
    name: `weights: a value that the dtype cannot hold is refused, ${dtype}`,
    lacks: needsWeights(dtype),
    run: (driver) => refuses(driver, dtype),
  },
  {
    name: `model: an encoder agrees with f64, ${dtype} weights`,
    lacks: needsWeights(dtype),
    run: (driver) => agreesWithF64(driver, dtype),
  },
  {
    name: `model: neighbours do not matter, ${dtype} weights`,
    lacks: needsWeights(dtype),
    run: (driver) => neighboursDoNotMatter(driver, dtype),
  },
]);

const [rows, cols] = [19, 37];
const row = [...new Random("a row").normals(cols)];

async function sameFromEveryCheckpoint(driver: Driver, dtype: WeightDType): Promise<void> {
  const random = new Random("checkpoints");
  const values = Float32Array.from({ length: rows * cols }, () => (random.integer(129) - 64) / 32);
  const results: (readonly [string, Float32Array])[] = [];
  for (const stored of ["f32", "f16", "bf16"] as const) {
    const view = oddView(encodeTensor(stored, [rows, cols], values, stored));
    const weight = driver.createTensor(view, "matrix", { dtype });
    expectThat(weight.dtype === dtype, `a matrix of ${dtype} says that it is ${weight.dtype}`);
    results.push([stored, await driver.run((ops) => project(ops, weight, row))]);
  }
  const [[, want] = ["", new Float32Array()]] = results;
  for (const [stored, got] of results) expectValues(got, want, `from a checkpoint of ${stored}`);
}

async function besideEachOther(driver: Driver, dtype: WeightDType): Promise<void> {
  const view = weightView("shared", [rows, cols], new Random("beside").normals(rows * cols, 0.05));
  const kinds = [...new Set<WeightDType>(["f32", dtype, ...driver.capabilities.weightDtypes])];
  const weights = kinds.map((kind) => driver.createTensor(view, "matrix", { dtype: kind }));
  const alone: Float32Array[] = [];
  for (const weight of weights) alone.push(await driver.run((ops) => project(ops, weight, row)));
  const [clone] = driver.supportsClone ? [driver.clone()] : [];
  for (const user of [driver, ...(clone ? [clone] : [])]) {
    const together = await user.run((ops) => {
      const out = ops.alloc("f32", [kinds.length, rows]);
      weights.forEach((weight, i) => {
        ops.copy({ x: project(ops, weight, row), out: ops.slice(out, i * rows, [1, rows]) });
      });
      return out;
    });
    alone.forEach((want, i) => {
      const got = together.subarray(i * rows, (i + 1) * rows);
      expectValues(got, want, `the matrix of ${kinds[i]} in one pass with others`);
    });
  }
  await clone?.close();
  driver.releaseTensor(weights[1] as Tensor);
  const kept = await driver.run((ops) => project(ops, weights[0] as Tensor, row));
  expectValues(kept, alone[0] ?? [], "f32 when the other is released");
}

const unheld: Readonly<Record<NarrowDType, readonly number[]>> = {
  f16: [65520, -1e6],
  bf16: [3.4e38, -3.4e38],
  i8: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
};

async function refuses(driver: Driver, dtype: NarrowDType): Promise<void> {
  for (const value of unheld[dtype]) {
    for (const at of [0, rows * cols - 1]) {
      const values = new Float32Array(rows * cols).fill(0.5);
      values[at] = value;
      const view = weightView("the wrong matrix", [rows, cols], values);
      const error = await createAndUse(driver, view, dtype).catch((caught: unknown) => caught);
      expectThat(
        isRipvecError(error) &&
          error.code === "MODEL_FILE" &&
          error.message.includes("the wrong matrix"),
        `${value} at ${at} for ${dtype}: expected MODEL_FILE that names the tensor, got ${error}`,
      );
    }
  }
  const right = weightView("right", [1, 2], Float32Array.of(1, -1));
  expectValues(await createAndUse(driver, right, dtype, [2, 2]), [0], "a matrix after them");
}

async function createAndUse(
  driver: Driver,
  view: Parameters<Driver["createTensor"]>[0],
  dtype: WeightDType,
  x: readonly number[] = row,
): Promise<Float32Array> {
  const weight = driver.createTensor(view, "matrix", { dtype });
  return driver.run((ops) => project(ops, weight, x));
}

const lengths = [5, 1, 64, 9, 17, 2, 63];

/**
 * Largest |Δ| of an element of a unit vector to f64 with the same rounded weights: roundings of two layers,
 * and for i8 the steps of their activations, which are 24 to 40 wide here.
 */
const agreement: Readonly<Record<NarrowDType, number>> = { f16: 5e-6, bf16: 5e-6, i8: 3e-2 };

async function agreesWithF64(driver: Driver, dtype: NarrowDType): Promise<void> {
  const oracle = referenceDriver();
  try {
    const texts = randomTexts("kept", lengths);
    const want = await TinyEncoder.create(oracle, "f32", dtype).embed(texts);
    const got = await TinyEncoder.create(driver, "f32", dtype).embed(texts);
    want.forEach((vector, i) => {
      vector.forEach((value, d) => {
        const difference = Math.abs(value - (got[i]?.[d] ?? Number.NaN));
        expectThat(difference <= agreement[dtype], () => {
          const found = `${got[i]?.[d]}, expected ${value} within ${agreement[dtype]}`;
          return `text ${i} of ${lengths[i]} tokens, element ${d}: ${found}`;
        });
      });
    });
  } finally {
    await oracle.close();
  }
}

async function neighboursDoNotMatter(driver: Driver, dtype: NarrowDType): Promise<void> {
  const encoder = TinyEncoder.create(driver, "f32", dtype);
  const texts = randomTexts("kept neighbours", lengths);
  const together = await encoder.embed(texts);
  const backward = await encoder.embed(texts.toReversed());
  for (const [i, text] of texts.entries()) {
    const [alone] = await encoder.embed([text]);
    expectSameBits(alone, together[i], `text ${i} of ${text.ids.length} tokens`);
    expectSameBits(backward[texts.length - 1 - i], together[i], `text ${i} in reverse order`);
  }
}
