import { toF32 } from "@ripvec/core/arch";
import { narrowWeight, quantizeRows, type WeightView, weightView } from "@ripvec/core/driver";
import { describe, expect, test } from "vitest";
import { keptTables } from "../src/cases/kept-tables.js";
import { encodeTensor, viewOfTensor } from "../src/model/safetensors.js";
import { eightBitRows, keptValues } from "../src/numbers/kept-weights.js";
import { Random } from "../src/numbers/random.js";

/** Bit patterns of all exponents and both signs, with subnormals and without NaN and infinity. */
function anyFloats(random: Random, size: number): Float32Array<ArrayBuffer> {
  const bits = Uint32Array.from({ length: size }, () => {
    const sign = random.integer(2) * 2 ** 31;
    return sign + random.integer(255) * 2 ** 23 + random.integer(2 ** 23);
  });
  return new Float32Array(bits.buffer);
}

/** Rows of one order of magnitude each, from the smallest floats to the largest. */
function rowsOfAllSizes(random: Random, cols: number): Float32Array<ArrayBuffer> {
  const rows = Array.from({ length: 276 }, (_, r) => random.normals(cols, 2 ** (r - 149)));
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

const random = new Random("two implementations");
const matrices: readonly (readonly [name: string, rows: number, values: Float32Array])[] = [
  ["normal data", 64, random.normals(64 * 384, 0.05)],
  ["rows of all sizes", 276, rowsOfAllSizes(random, 33)],
  ["any floats", 500, anyFloats(random, 500 * 7)],
  ["any floats, one column", 1000, anyFloats(random, 1000)],
  ["the largest floats", 1, Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e38)],
  ["the smallest floats", 2, Float32Array.of(2 ** -149, -(2 ** -149), 127 * 2 ** -126, 2 ** -127)],
  ["no rows", 0, new Float32Array(0)],
  ["no columns", 3, new Float32Array(0)],
  ...keptTables.i8.map(({ name, table }) => {
    const { shape, values = [] } = table(random);
    return [name, shape[0] ?? 0, Float32Array.from(values)] as const;
  }),
];

const viewOf = (rows: number, values: Float32Array): WeightView =>
  weightView("w", [rows, rows === 0 ? 0 : values.length / rows], values);

/**
 * The kit's rule and core's are independent implementations, so each is a reference for the other.
 */
describe("the rule of 8 bits", () => {
  test.each(matrices)("agrees with core's to the bit on %s", (_, rows, values) => {
    const [kits, cores] = [eightBitRows(viewOf(rows, values)), quantizeRows(values, rows)];
    expect(kits.values).toEqual(cores.values);
    expect(kits.scales).toEqual(cores.scales);
  });

  test.each(["f16", "bf16", "i8"] as const)("the values read in %s agree with core's", (dtype) => {
    const view = viewOf(16, random.normals(16 * 33, 3));
    const want = toF32(narrowWeight(view, dtype));
    expect(keptValues(view, dtype)).toEqual(want);
    const encoded = encodeTensor("w", [16, 33], new Float32Array(toF32(view)), dtype);
    expect(toF32(viewOfTensor(encoded))).toEqual(want);
  });
});
