import { type Driver, type Ops, type Tensor, type WeightDType, weightView } from "@ripvec/core";
import { Random, referenceDriver } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { openOn, sharedDevice } from "./support/drivers.js";
import { describeLane, type NodeLane } from "./support/lanes.js";

const lane: NodeLane = "swiftshader";
/** Rows of 32 f32 are 128 bytes: parts of 44 rows. */
const maxBindingBytes = 44 * 128 + 100;
const [vocab, cols, tokens] = [101, 32, 60];

const random = new Random("limits");
const tableValues = random.normals(vocab * cols);
const ids = Int32Array.from([0, 43, 44, 87, 88, 100, ...random.integers(tokens - 6, vocab)]);
const x = random.normals(5 * cols);
const bias = random.normals(vocab);

/** lookup + table, in place; then the tokens' first rows through a matrix as large as the table. */
async function compute(driver: Driver, dtype: WeightDType): Promise<Float32Array> {
  const view = weightView("large", [vocab, cols], tableValues);
  const table = driver.createTensor(view, "table");
  const weight = driver.createTensor(view, "matrix", { dtype });
  const biasWeight = driver.createTensor(weightView("bias", [vocab], bias), "vector");
  return driver.run((ops) => record(ops, table, weight, biasWeight as Tensor<"f32">));
}

function record(ops: Ops, table: Tensor, weight: Tensor, biasWeight: Tensor<"f32">) {
  const out = ops.alloc("f32", [2 * 5 * vocab + 4 * cols]);
  ops.scope(() => {
    const rows = ops.alloc("f32", [20, cols]);
    ops.embedding_lookup({ table, ids: ops.input(ids.subarray(0, 20), [20]), out: rows });
    ops.add_embeddings({ x: rows, table, ids: ops.input(ids.subarray(20, 40), [20]), out: rows });
    ops.copy({ x: ops.slice(rows, 0, [4 * cols]), out: ops.slice(out, 0, [4 * cols]) });
  });
  const left = ops.input(x, [5, cols]);
  const product = ops.slice(out, 4 * cols, [5, vocab]);
  ops.linear({ x: left, weight, bias: biasWeight, activation: "erf", out: product });
  const plain = ops.slice(out, 4 * cols + 5 * vocab, [5, vocab]);
  ops.gemm({ a: left, b: weight, transposeB: true, out: plain });
  return out;
}

describeLane(lane, () => {
  test.each(["f32", "f16"] as const)(
    "tables and %s matrices that no binding holds are split",
    async (dtype) => {
      const { driver, inside } = await openOn(await sharedDevice(lane), { maxBindingBytes });
      const buffers = inside.counters.buffers;
      const got = await compute(driver, dtype);
      const oracle = referenceDriver();
      const want = await compute(oracle, dtype);
      got.forEach((value, i) => {
        expect(Math.abs(value - (want[i] ?? Number.NaN)), `element ${i}`).toBeLessThan(2e-5);
      });
      // Three parts of the table; the matrix has as many, or two where it is kept in halves.
      expect(inside.counters.buffers - buffers).toBeGreaterThanOrEqual(
        3 + (dtype === "f32" ? 3 : 2),
      );
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
