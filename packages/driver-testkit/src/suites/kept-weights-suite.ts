import { type Driver, isRipvecError, type WeightDType } from "@ripvec/core";
import { type Ops, type Tensor, type WeightView, weightView } from "@ripvec/core/driver";
import { encodeTensor } from "../model/safetensors.js";
import { Random } from "../numbers/random.js";
import { referenceDriver } from "../reference/reference-driver.js";
import { expectThat } from "../run/conformance-error.js";
import { expectValues, lookUp, oddView, project } from "./contract-helpers.js";
import { expectSameBits } from "./model-suite.js";
import {
  type KeptRole,
  keptRoles,
  type NarrowDType,
  narrowDTypes,
  needsWeights,
  type SuiteTest,
} from "./suite.js";
import { randomTexts, TinyEncoder } from "./tiny-encoder.js";

/** Tests of matrices and tables in fewer bits: creation, refusal, release, and a whole model with them. */
export const keptWeightsSuite: readonly SuiteTest[] = [
  ...narrowDTypes.flatMap(testsOf),
  ...(["f16", "bf16"] as const).flatMap((stored) =>
    keptRoles.flatMap((role) =>
      (["f32", stored] as const).map((dtype) => ({
        name: `weights: NaN and infinity of ${stored} in a ${role} do not become finite, ${dtype} weights`,
        ...(dtype !== "f32" && { lacks: needsWeights(dtype) }),
        run: (driver: Driver) => keepsNonFinite(driver, role, stored, dtype),
      })),
    ),
  ),
];

function testsOf(dtype: NarrowDType): SuiteTest[] {
  const tests = [
    ...keptRoles.flatMap((role) => [
      {
        name: `weights: the checkpoint's own dtype does not matter to a ${role}`,
        run: (driver: Driver) => sameFromEveryCheckpoint(driver, role, dtype),
      },
      {
        name: `weights: a ${role} beside others of other dtypes`,
        run: (driver: Driver) => besideEachOther(driver, role, dtype),
      },
      {
        name: `weights: a value that the dtype cannot hold is refused in a ${role}`,
        run: (driver: Driver) => refuses(driver, role, dtype),
      },
    ]),
    {
      name: "model: an encoder agrees with f64",
      run: (driver: Driver) => agreesWithF64(driver, dtype),
    },
    {
      name: "model: neighbours do not matter",
      run: (driver: Driver) => neighboursDoNotMatter(driver, dtype),
    },
    {
      name: "model: an encoder from a narrow checkpoint gives the same bits",
      run: (driver: Driver) => sameFromNarrowCheckpoint(driver, dtype),
    },
  ];
  return tests.map(({ name, run }) => ({
    name: `${name}, ${dtype} weights`,
    lacks: needsWeights(dtype),
    run,
  }));
}

const [rows, cols] = [19, 37];
const row = [...new Random("a row").normals(cols)];

/** The product of a matrix with one row, or the first, the last and some other rows of a table. */
function use(ops: Ops, role: KeptRole, weight: Tensor): Tensor<"f32"> {
  return role === "matrix" ? project(ops, weight, row) : lookUp(ops, weight, [0, 18, 7, 7, 18]);
}

async function sameFromEveryCheckpoint(
  driver: Driver,
  role: KeptRole,
  dtype: WeightDType,
): Promise<void> {
  const random = new Random("checkpoints");
  const values = Float32Array.from({ length: rows * cols }, () => (random.integer(129) - 64) / 32);
  const results: (readonly [string, Float32Array])[] = [];
  for (const stored of ["f32", "f16", "bf16"] as const) {
    const view = oddView(encodeTensor(stored, [rows, cols], values, stored));
    const weight = driver.createTensor(view, role, { dtype });
    expectThat(weight.dtype === dtype, `a ${role} of ${dtype} says that it is ${weight.dtype}`);
    results.push([stored, await driver.run((ops) => use(ops, role, weight))]);
  }
  const [[, want] = ["", new Float32Array()]] = results;
  for (const [stored, got] of results) expectValues(got, want, `from a checkpoint of ${stored}`);
}

async function besideEachOther(driver: Driver, role: KeptRole, dtype: WeightDType): Promise<void> {
  const view = weightView("shared", [rows, cols], new Random("beside").normals(rows * cols, 0.05));
  const kinds = [...new Set<WeightDType>(["f32", dtype, ...driver.capabilities.weightDtypes])];
  const weights = kinds.map((kind) => driver.createTensor(view, role, { dtype: kind }));
  const alone: Float32Array[] = [];
  for (const weight of weights) alone.push(await driver.run((ops) => use(ops, role, weight)));
  const size = alone[0]?.length ?? 0;
  const [clone] = driver.supportsClone ? [driver.clone()] : [];
  for (const user of [driver, ...(clone ? [clone] : [])]) {
    const together = await user.run((ops) => {
      const out = ops.alloc("f32", [kinds.length, size]);
      weights.forEach((weight, i) => {
        const x = use(ops, role, weight);
        ops.copy({ x, out: ops.slice(out, i * size, x.shape) });
      });
      return out;
    });
    alone.forEach((want, i) => {
      const got = together.subarray(i * size, (i + 1) * size);
      expectValues(got, want, `the ${role} of ${kinds[i]} in one pass with others`);
    });
  }
  await clone?.close();
  driver.releaseTensor(weights[1] as Tensor);
  const kept = await driver.run((ops) => use(ops, role, weights[0] as Tensor));
  expectValues(kept, alone[0] ?? [], "f32 when the other is released");
}

const unheld: Readonly<Record<NarrowDType, readonly number[]>> = {
  f16: [65520, -1e6],
  bf16: [3.4e38, -3.4e38],
  i8: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
};

/** Expects the error at createTensor, or from the pass that uses the matrix or reads the row. */
async function refuses(driver: Driver, role: KeptRole, dtype: NarrowDType): Promise<void> {
  const name = `the wrong ${role}`;
  for (const value of unheld[dtype]) {
    for (const at of [0, rows * cols - 1]) {
      const values = new Float32Array(rows * cols).fill(0.5);
      values[at] = value;
      const view = weightView(name, [rows, cols], values);
      const error = await createAndUse(driver, view, role, dtype).catch(
        (caught: unknown) => caught,
      );
      expectThat(
        isRipvecError(error) && error.code === "MODEL_FILE" && error.message.includes(name),
        `${value} at ${at} for ${dtype}: expected MODEL_FILE that names the tensor, got ${error}`,
      );
    }
  }
  const right = weightView("right", [rows, cols], new Float32Array(rows * cols));
  const got = await createAndUse(driver, right, role, dtype);
  expectValues(got, new Float32Array(got.length), `a ${role} of zeros after them`);
}

/** Expects a result that is not finite, or the error, from a checkpoint of `stored`. */
async function keepsNonFinite(
  driver: Driver,
  role: KeptRole,
  stored: "f16" | "bf16",
  dtype: WeightDType,
): Promise<void> {
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const values = new Float32Array(rows * cols).fill(0.5);
    values[0] = odd;
    const view = oddView(encodeTensor("not finite", [rows, cols], values, stored));
    try {
      const [got] = await createAndUse(driver, view, role, dtype);
      expectThat(!Number.isFinite(got), `a weight of ${odd} in ${stored} gives ${got}`);
    } catch (error) {
      if (!isRipvecError(error) || error.code !== "MODEL_FILE") throw error;
    }
  }
}

async function createAndUse(
  driver: Driver,
  view: WeightView,
  role: KeptRole,
  dtype: WeightDType,
): Promise<Float32Array> {
  const weight = driver.createTensor(view, role, { dtype });
  return driver.run((ops) => use(ops, role, weight));
}

const lengths = [5, 1, 64, 9, 17, 2, 63];

/**
 * The largest |Δ| of an element of a unit vector from f64 with the same rounded weights. It is caused by the roundings of
 * two layers, and for i8 by the steps of their activations, whose rows have 24 to 40 elements here.
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

async function sameFromNarrowCheckpoint(driver: Driver, dtype: NarrowDType): Promise<void> {
  const texts = randomTexts("narrow checkpoint", lengths);
  const want = await TinyEncoder.create(driver, "f32", dtype).embed(texts);
  const got = await TinyEncoder.create(driver, "f32", dtype, dtype).embed(texts);
  want.forEach((vector, i) => {
    expectValues(got[i] ?? [], vector, `text ${i}, from a checkpoint of ${dtype}`);
  });
}
