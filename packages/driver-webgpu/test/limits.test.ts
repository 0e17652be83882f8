import type { Driver, WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import {
  narrowWeight,
  type Ops,
  type Tensor,
  type WeightView,
  weightView,
} from "@ripvec/core/driver";
import { Random, referenceDriver } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { openOn, sharedDevice } from "./support/drivers.js";
import { describeNodeTargets } from "./support/targets.js";

/**
 * A row of 32 f32 has 128 bytes, so parts have 44 rows, or 88 in f16 and bf16. In 8 bits a row with
 * its scale has 36 bytes, so parts have 156 rows.
 */
const maxBindingBytes = 44 * 128 + 100;
const [vocab, cols, lines] = [201, 32, 3];

const random = new Random("limits");
const tableValues = random.normals(vocab * cols);
const borders = [0, 43, 44, 87, 88, 155, 156, 200];
const ids = Int32Array.from([...borders, ...random.integers(40 - borders.length, vocab)]);
const x = random.normals(lines * cols);
const bias = random.normals(vocab);

interface Weights {
  readonly table: Tensor;
  readonly matrix: Tensor;
  readonly bias: Tensor<"f32">;
}

const large = weightView("large", [vocab, cols], tableValues);

/** The table as core widens what is kept in `dtype`. */
const widened = (dtype: WeightDType) =>
  weightView("widened", [vocab, cols], toF32(narrowWeight(large, dtype)));

/** The weights of a driver. `made` counts the buffers of the table and of the matrix. */
function weights(
  driver: Driver,
  view: WeightView,
  dtype: WeightDType,
  buffers: () => number = () => 0,
) {
  const before = buffers();
  const table = driver.createTensor(view, "table", { dtype });
  const between = buffers();
  const matrix = driver.createTensor(view, "matrix", { dtype });
  const made = [between - before, buffers() - between];
  const vector = driver.createTensor(weightView("bias", [vocab], bias), "vector");
  return { table, matrix, bias: vector as Tensor<"f32">, made };
}

/**
 * Looks rows of the table up, adds other rows to them in place, and then multiplies x by a matrix
 * as large as the table.
 */
const compute = (driver: Driver, weights: Weights): Promise<Float32Array> =>
  driver.run((ops) => record(ops, weights));

function record(ops: Ops, { table, matrix, bias }: Weights) {
  const out = ops.alloc("f32", [2 * lines * vocab + 4 * cols]);
  ops.scope(() => {
    const rows = ops.alloc("f32", [20, cols]);
    ops.embedding_lookup({ table, ids: ops.input(ids.subarray(0, 20), [20]), out: rows });
    ops.add_embeddings({ x: rows, table, ids: ops.input(ids.subarray(20, 40), [20]), out: rows });
    ops.copy({ x: ops.slice(rows, 0, [4 * cols]), out: ops.slice(out, 0, [4 * cols]) });
  });
  const left = ops.input(x, [lines, cols]);
  const product = ops.slice(out, 4 * cols, [lines, vocab]);
  ops.linear({ x: left, weight: matrix, bias, activation: "erf", out: product });
  const plain = ops.slice(out, 4 * cols + lines * vocab, [lines, vocab]);
  ops.gemm({ a: left, b: matrix, transposeB: true, out: plain });
  return out;
}

describeNodeTargets((target) => {
  test.each([
    { dtype: "f32", parts: 5 },
    { dtype: "f16", parts: 3 },
    { dtype: "i8", parts: 2 },
  ] as const)(
    "tables and matrices in $dtype that no binding holds are split",
    { timeout: 300_000 },
    async ({ dtype, parts }) => {
      const { driver, inside } = await openOn(await sharedDevice(target), { maxBindingBytes });
      const split = weights(driver, large, dtype, () => inside.counters.buffers);
      expect(split.made).toEqual([parts, parts]);
      const got = await compute(driver, split);
      const oracle = referenceDriver();
      const want = await compute(oracle, weights(oracle, widened(dtype), "f32"));
      got.forEach((value, i) => {
        expect(Math.abs(value - (want[i] ?? Number.NaN)), `element ${i}`).toBeLessThan(2e-5);
      });
      await driver.close();
      await oracle.close();
    },
  );

  test("what cannot be split is refused before anything is created", async () => {
    const { driver, inside } = await openOn(await sharedDevice(target), { maxBindingBytes: 1024 });
    const { buffers } = inside.counters;
    const vector = weightView("a long bias", [300], new Float32Array(300));
    expect(() => driver.createTensor(vector, "vector")).toThrow(/a long bias needs 1200 bytes/);
    const matrix = weightView("wide", [2, 300], new Float32Array(600));
    expect(() => driver.createTensor(matrix, "matrix")).toThrow(/wide needs 1200 bytes/);
    expect(inside.counters.buffers).toBe(buffers);
    await expect(driver.run((ops) => ops.alloc("f32", [300]))).rejects.toThrow(/at most 1024/);
    await driver.close();
  });
});
