import { type Driver, type Ops, type Tensor, type WeightDType, weightView } from "@ripvec/core";
import { Random, referenceDriver } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { openOn, sharedDevice } from "./support/drivers.js";
import { describeNodeLanes } from "./support/lanes.js";

/** Rows of 32 f32 are 128 bytes: parts of 44 rows. */
const maxBindingBytes = 44 * 128 + 100;
const [vocab, cols, tokens] = [101, 32, 60];

const random = new Random("limits");
const tableValues = random.normals(vocab * cols);
const ids = Int32Array.from([0, 43, 44, 87, 88, 100, ...random.integers(tokens - 6, vocab)]);
const x = random.normals(5 * cols);
const bias = random.normals(vocab);

interface Weights {
  readonly table: Tensor;
  readonly matrix: Tensor;
  readonly bias: Tensor<"f32">;
}

const large = weightView("large", [vocab, cols], tableValues);

/** Of a driver; `made` counts the buffers of the table and of the matrix. */
function weights(driver: Driver, dtype: WeightDType, buffers: () => number = () => 0) {
  const before = buffers();
  const table = driver.createTensor(large, "table");
  const between = buffers();
  const matrix = driver.createTensor(large, "matrix", { dtype });
  const made = [between - before, buffers() - between];
  const vector = driver.createTensor(weightView("bias", [vocab], bias), "vector");
  return { table, matrix, bias: vector as Tensor<"f32">, made };
}

/** lookup + table, in place; then the tokens' first rows through a matrix as large as the table. */
const compute = (driver: Driver, weights: Weights): Promise<Float32Array> =>
  driver.run((ops) => record(ops, weights));

function record(ops: Ops, { table, matrix, bias }: Weights) {
  const out = ops.alloc("f32", [2 * 5 * vocab + 4 * cols]);
  ops.scope(() => {
    const rows = ops.alloc("f32", [20, cols]);
    ops.embedding_lookup({ table, ids: ops.input(ids.subarray(0, 20), [20]), out: rows });
    ops.add_embeddings({ x: rows, table, ids: ops.input(ids.subarray(20, 40), [20]), out: rows });
    ops.copy({ x: ops.slice(rows, 0, [4 * cols]), out: ops.slice(out, 0, [4 * cols]) });
  });
  const left = ops.input(x, [5, cols]);
  const product = ops.slice(out, 4 * cols, [5, vocab]);
  ops.linear({ x: left, weight: matrix, bias, activation: "erf", out: product });
  const plain = ops.slice(out, 4 * cols + 5 * vocab, [5, vocab]);
  ops.gemm({ a: left, b: matrix, transposeB: true, out: plain });
  return out;
}

describeNodeLanes((lane) => {
  test.each(["f32", "f16"] as const)(
    "tables and %s matrices that no binding holds are split",
    async (dtype) => {
      const { driver, inside } = await openOn(await sharedDevice(lane), { maxBindingBytes });
      const split = weights(driver, dtype, () => inside.counters.buffers);
      // 101 rows: parts of 44, or of 88 where a matrix is kept in halves.
      expect(split.made).toEqual([3, dtype === "f32" ? 3 : 2]);
      const got = await compute(driver, split);
      const oracle = referenceDriver();
      const want = await compute(oracle, weights(oracle, dtype));
      got.forEach((value, i) => {
        expect(Math.abs(value - (want[i] ?? Number.NaN)), `element ${i}`).toBeLessThan(2e-5);
      });
      await driver.close();
      await oracle.close();
    },
  );

  test("what cannot be split is refused before anything is made", async () => {
    const { driver, inside } = await openOn(await sharedDevice(lane), { maxBindingBytes: 1024 });
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
