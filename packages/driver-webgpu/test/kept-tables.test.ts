import type { Driver, WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import { narrowWeight, type Tensor, type WeightView, weightView } from "@ripvec/core/driver";
import { Random } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { openOn, sharedDevice } from "./support/drivers.js";
import { eightBitView } from "./support/eight-bit-view.js";
import { describeNodeTargets } from "./support/targets.js";

const [vocab, cols] = [301, 37];
const size = vocab * cols;
/**
 * The parts of a table have 48 rows in f32, 96 in f16 and bf16, and 172 in i8. In i8 the values of
 * the last part end inside a word.
 */
const maxBindingBytes = 7200;

const random = new Random("kept tables");
const values = random.normals(size);
/** Values that f16 encodes differently: zeros, subnormals and large numbers. */
values.set([0, -0, 2 ** -24, -(2 ** -20), 60000, -60000, 1 / 3], 0);
const x = random.normals(24 * cols);
const borders = [0, 7, 47, 48, 95, 96, 171, 172, 299, 300];
const ids = Int32Array.from([...borders, ...random.integers(14, vocab)]);

const ofFloats = weightView("table", [vocab, cols], values);

/** The table in 8 bits with its own scales, one of which is 0. The values use the whole range. */
function inEightBits(): WeightView {
  const bytes = Int8Array.from({ length: size }, (_, i) => ((i * 89) % 256) - 128);
  const scales = Float32Array.from({ length: vocab }, (_, r) => (r === 7 ? 0 : (r + 1) / 997));
  return eightBitView("table", bytes, scales);
}

const cases: readonly { dtype: WeightDType; from: string; view: WeightView }[] = [
  { dtype: "f32", from: "f32", view: ofFloats },
  { dtype: "f16", from: "f32", view: ofFloats },
  { dtype: "bf16", from: "f32", view: ofFloats },
  { dtype: "i8", from: "f32", view: ofFloats },
  { dtype: "i8", from: "i8", view: inEightBits() },
];

const bits = (floats: Float32Array): readonly number[] => [
  ...new Uint32Array(floats.buffer, floats.byteOffset, floats.length),
];

const rounded = (floats: Float32Array, dtype: "f32" | "f16"): Float32Array =>
  toF32(narrowWeight(weightView("rounded", [floats.length], floats), dtype));

/** Rows of the table as core widens them. */
function rowsOf({ view, dtype }: { view: WeightView; dtype: WeightDType }): Float32Array {
  const all = toF32(narrowWeight(view, dtype));
  return Float32Array.from({ length: ids.length * cols }, (_, i) => {
    const id = ids[Math.floor(i / cols)] ?? 0;
    return all[id * cols + (i % cols)] ?? Number.NaN;
  });
}

/** The number of sentinels before and after the rows. */
const guard = 5;
const sentinel = 42;

/** Reads what the ops leave in memory: the rows alone, and the rows added to `x`. */
function look(driver: Driver, table: Tensor, dtype: "f32" | "f16"): Promise<Float32Array> {
  const length = ids.length * cols;
  return driver.run((ops) => {
    const both = ops.alloc("f32", [2 * (length + 2 * guard)]);
    [false, true].forEach((isSum, i) => {
      const memory = ops.alloc(dtype, [length + 2 * guard]);
      const fill = new Float32Array(memory.size).fill(sentinel);
      ops.convert({ x: ops.input(fill, [fill.length]), out: memory });
      const out = ops.slice(memory, guard, [ids.length, cols]);
      const list = ops.input(ids, [ids.length]);
      if (isSum) {
        const left = ops.alloc(dtype, [ids.length, cols]);
        ops.convert({ x: ops.input(x, [ids.length, cols]), out: left });
        ops.add_embeddings({ x: left, table, ids: list, out });
      } else {
        ops.embedding_lookup({ table, ids: list, out });
      }
      const own = ops.slice(both, i * memory.size, [memory.size]);
      ops.convert({ x: memory, out: own });
    });
    return both;
  });
}

const guarded = (floats: Float32Array): Float32Array => {
  const all = new Float32Array(floats.length + 2 * guard).fill(sentinel);
  all.set(floats, guard);
  return all;
};

/**
 * A compiler may combine the product with the scale and the sum, so the product may be rounded once
 * more or less.
 */
function expectClose(got: Float32Array, want: Float32Array, activations: "f32" | "f16"): void {
  const rel = activations === "f16" ? 2 ** -10 : 2 ** -22;
  got.forEach((value, i) => {
    expect(Math.abs(value - (want[i] ?? Number.NaN))).toBeLessThanOrEqual(rel * 42);
  });
}

describeNodeTargets((target) => {
  test.each(cases)(
    "a table of $dtype, given in $from, is read exactly, in one part and in several",
    { timeout: 300_000 },
    async ({ dtype, view }) => {
      const rows = rowsOf({ view, dtype });
      for (const limits of [{}, { maxBindingBytes }]) {
        const { driver, inside } = await openOn(await sharedDevice(target), limits);
        const { buffers } = inside.counters;
        const table = driver.createTensor(view, "table", { dtype });
        const parts = inside.counters.buffers - buffers;
        expect(parts > 1).toBe("maxBindingBytes" in limits);
        for (const activations of driver.capabilities.dtypes) {
          const left = rounded(x, activations);
          const sums = rows.map((value, i) => (left[i] ?? Number.NaN) + value);
          const got = await look(driver, table, activations);
          const label = `${parts} parts, activations in ${activations}`;
          const middle = got.length / 2;
          const wantRows = guarded(rounded(rows, activations));
          expect(bits(got.subarray(0, middle)), label).toEqual(bits(wantRows));
          const wantSums = guarded(rounded(sums, activations));
          const gotSums = got.subarray(middle);
          if (dtype === "i8") expectClose(gotSums, wantSums, activations);
          else expect(bits(gotSums), label).toEqual(bits(wantSums));
        }
        await driver.close();
      }
    },
  );
});
