/** Tests of matrices that come in 8 bits, with the scales of their rows. */
import { truncateSync } from "node:fs";
import type { Driver } from "@ripvec/core";
import { concatRows } from "@ripvec/core/arch";
import { narrowWeight, type Tensor, type WeightView, weightView } from "@ripvec/core/driver";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cpu, cpuInfo } from "../src/index.js";
import { wave } from "./support/passes.js";
import {
  atOddAddress,
  driver,
  halfSteps,
  inFile,
  inMemory,
  inPieces,
  linear,
} from "./support/weights.js";

const inMatrixFile = (name: string, view: WeightView, pad: number): WeightView => ({
  ...inFile(name, view.shape, view.bytes(), view.dtype, pad),
  scales: view.scales,
});

/**
 * A matrix with a row of zeros, a row of subnormals, a row of the largest numbers and some rows of
 * ties.
 */
function matrixOf(name: string, [n, k]: readonly [number, number], seed: number): WeightView {
  const values = wave(n * k, seed);
  values.fill(0, 0, k);
  for (let i = k; i < 2 * k; i++) values[i] = (values[i] ?? 0) * 1e-43;
  for (let row = 2; row < n - 1; row += 2) values.set(halfSteps(k, row + 0.3), row * k);
  for (let i = (n - 1) * k; i < n * k; i++) values[i] = (values[i] ?? 0) * 6e35;
  return weightView(name, [n, k], values);
}

describe.each(cpuInfo().instructionSets)("%s", (instructionSet) => {
  let own: Driver;
  beforeEach(async () => {
    own = await cpu({ instructionSet, threads: 2 });
  });
  afterEach(() => own.close());
  const make = (view: WeightView): Tensor => own.createTensor(view, "matrix", { dtype: "i8" });

  test("a matrix in 8 bits has the bits of the f32 one that is kept in i8", async () => {
    for (const shape of [
      [3, 1],
      [37, 29],
      [33, 64],
      [70, 385],
    ] as const) {
      const wide = matrixOf("wide", shape, 1);
      const expected = await linear(make(wide), shape, own);
      const view = narrowWeight(wide, "i8");
      const odd = {
        ...inMemory("odd", shape, atOddAddress(view.bytes()), "i8"),
        scales: view.scales,
      };
      const pieces = { ...inPieces("pieces", view, view.bytes()), scales: view.scales };
      const views = [
        view,
        odd,
        inMatrixFile("aligned", view, 64),
        inMatrixFile("unaligned", view, 13),
      ];
      for (const each of shape[0] === 3 ? views : [...views, pieces]) {
        const weight = make(each);
        expect(weight.dtype).toBe("i8");
        expect(await linear(weight, shape, own)).toEqual(expected);
      }
    }
  });

  test("a matrix in 8 bits that is stacked of several, each with its scales, has those bits too", async () => {
    const k = 77;
    const wide = ["q", "k", "v"].map((name, i) => matrixOf(name, [33 + i, k], 5 + i));
    const stacked = concatRows("qkv", wide);
    const shape = [102, k] as const;
    const expected = await linear(make(stacked), shape, own);
    const parts = wide.map((view, i) =>
      inMatrixFile(view.name, narrowWeight(view, "i8"), 2 * i + 1),
    );
    const memory = concatRows(
      "qkv",
      wide.map((view) => narrowWeight(view, "i8")),
    );
    const files = concatRows("qkv", parts);
    expect(files.parts).toHaveLength(3);
    expect(await linear(make(files), shape, own)).toEqual(expected);
    expect(await linear(make(memory), shape, own)).toEqual(expected);
  });

  test("-128, which other programs write, is exact", async () => {
    const [n, k] = [35, 301];
    const values = new Int8Array(n * k).map((_, i) => (i % 3 === 0 ? 127 : -128));
    const scales = new Float32Array(n).map((_, row) => 2 ** (row - 20));
    const view: WeightView = {
      ...inMemory("lowest", [n, k], new Uint8Array(values.buffer), "i8"),
      scales: weightView("lowest_scale", [n, 1], scales),
    };
    // The row has integers from 0 to 255, and both of these limits. Therefore its scale is 1 and
    // its zero point 0.
    const x = Float32Array.from({ length: k }, (_, i) => (i % 2 === 0 ? 255 : i % 256));
    x[1] = 0;
    const expected = scales.map((scale, row) => {
      const sum = x.reduce((total, value, i) => total + value * (values[row * k + i] ?? 0), 0);
      return scale * sum;
    });
    const result = await own.run((ops) => {
      const out = ops.alloc("f32", [1, n]);
      ops.linear({ x: ops.input(x, [1, k]), weight: make(view), out });
      return out;
    });
    expect(result).toEqual(expected);
  });
});

test("a matrix of i8 whose file is cut before it is read makes the pass fail with the tensor's name", async () => {
  const wide = matrixOf("before", [512, 4096], 1);
  const before = inMatrixFile("before", wide, 0);
  const view = inMatrixFile("cut", narrowWeight(matrixOf("cut", [64, 64], 2), "i8"), 0);
  for (let i = 0; i < 8; i++) driver.createTensor(before, "matrix");
  const weight = driver.createTensor(view, "matrix");
  truncateSync(view.file?.path ?? "", 100);
  await expect(linear(weight, [64, 64])).rejects.toMatchObject({
    code: "MODEL_FILE",
    tensor: "cut",
    message: expect.stringContaining("it had 4096 bytes, now 100"),
  });
});
