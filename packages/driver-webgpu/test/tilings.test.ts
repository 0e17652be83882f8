import type { Driver, WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import { narrowWeight, type Tensor, weightView } from "@ripvec/core/driver";
import { Random, referenceDriver } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { openOn, sharedDevice } from "./support/drivers.js";
import { describeTarget, type NodeTarget } from "./support/targets.js";

interface Case {
  readonly inner: number;
  readonly dtype: WeightDType;
}

/** The targets differ in their subgroups: one has eight lanes, the other four. */
const targets: readonly { target: NodeTarget; cases: readonly Case[] }[] = [
  {
    target: "lavapipe",
    cases: [
      { inner: 36, dtype: "f32" },
      { inner: 37, dtype: "f32" },
      { inner: 36, dtype: "f16" },
      { inner: 36, dtype: "i8" },
    ],
  },
  { target: "swiftshader", cases: [{ inner: 36, dtype: "f32" }] },
];

/** Grids of short, middle and large tiles. */
const rowCounts = [5, 40, 530];
const outputs = 530;

const random = new Random("tilings");
const bias = random.normals(outputs);

/** The product of the first `rows` rows of `x`. */
async function product(
  driver: Driver,
  x: Float32Array,
  matrix: Float32Array,
  { dtype, inner, rows }: { dtype: WeightDType; inner: number; rows: number },
): Promise<Float32Array> {
  const weight = driver.createTensor(weightView("matrix", [outputs, inner], matrix), "matrix", {
    dtype,
  });
  const biasWeight = driver.createTensor(
    weightView("bias", [outputs], bias),
    "vector",
  ) as Tensor<"f32">;
  return driver.run((ops) => {
    const out = ops.alloc("f32", [rows, outputs]);
    const left = ops.input(x.subarray(0, rows * inner), [rows, inner]);
    ops.linear({ x: left, weight, bias: biasWeight, out });
    return out;
  });
}

for (const { target, cases } of targets) {
  describeTarget(target, () => {
    test.each(cases)(
      "an element has the same bits in every tiling: rows of $inner, weights in $dtype",
      { timeout: 600_000 },
      async ({ inner, dtype }) => {
        const x = random.normals(Math.max(...rowCounts) * inner);
        const matrix = random.normals(outputs * inner);
        const device = await sharedDevice(target);
        const oracle = referenceDriver();
        const largest = { dtype, inner, rows: Math.max(...rowCounts) };
        const kept = narrowWeight(weightView("matrix", [outputs, inner], matrix), dtype);
        const want = await product(oracle, x, toF32(kept), { ...largest, dtype: "f32" });
        for (const isFallback of [false, true]) {
          const { driver } = await openOn(device, { isFallback });
          const all = await product(driver, x, matrix, largest);
          expect(farthest(all, want)).toBeLessThan(4e-5);
          for (const rows of rowCounts) {
            const some = await product(driver, x, matrix, { dtype, inner, rows });
            expect(firstDifference(some, all), `of ${rows} rows`).toBe(-1);
          }
          await driver.close();
        }
        await oracle.close();
      },
    );

    test("products of activations are right in grids of large tiles", {
      timeout: 300_000,
    }, async () => {
      const [batch, m, n, k] = [5, 200, 201, 37];
      const a = random.normals(batch * m * k);
      const b = random.normals(batch * k * n);
      const one = (driver: Driver) =>
        driver.run((ops) => {
          const out = ops.alloc("f32", [batch * m, batch * n]);
          const left = ops.input(a, [batch * m, k]);
          ops.gemm({ a: left, b: ops.input(b, [k, batch * n]), transposeB: false, out });
          return out;
        });
      const many = (driver: Driver) =>
        driver.run((ops) => {
          const out = ops.alloc("f32", [batch, m, n]);
          const [left, right] = [ops.input(a, [batch, m, k]), ops.input(b, [batch, k, n])];
          const strides = { strideA: m * k, strideB: k * n, strideOut: m * n, transposeB: false };
          ops.gemm_batched({ a: left, b: right, batch, m, n, k, ...strides, out });
          return out;
        });
      const oracle = referenceDriver();
      const want = [await one(oracle), await many(oracle)] as const;
      await oracle.close();
      const device = await sharedDevice(target);
      for (const isFallback of [false, true]) {
        const { driver } = await openOn(device, { isFallback });
        expect(farthest(await one(driver), want[0])).toBeLessThan(4e-5);
        expect(farthest(await many(driver), want[1])).toBeLessThan(4e-5);
        await driver.close();
      }
    });
  });
}

function farthest(got: Float32Array, want: Float32Array): number {
  return got.reduce((most, value, i) => {
    const distance = Math.abs(value - (want[i] ?? Number.NaN));
    return Math.max(most, distance);
  }, 0);
}

/** The index of the first element of `some` whose bits differ in `all`; -1 if there is none. */
function firstDifference(some: Float32Array, all: Float32Array): number {
  return some.findIndex((value, i) => !Object.is(value, all[i]));
}
