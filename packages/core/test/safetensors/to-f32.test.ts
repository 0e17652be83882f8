import { toF32 } from "@ripvec/core/arch";
import type { DType, WeightView } from "@ripvec/core/driver";
import { expect, test } from "vitest";

function view(dtype: DType, array: { buffer: ArrayBufferLike }, shift = 1): WeightView {
  // Shifted by a byte, as bodies of a safetensors file may be.
  const bytes = new Uint8Array(array.buffer.byteLength + shift);
  bytes.set(new Uint8Array(array.buffer), shift);
  const own = bytes.subarray(shift);
  return { name: "t", dtype, shape: [], byteLength: own.length, bytes: () => own };
}

const bits = (values: Float32Array): number[] => [...new Uint32Array(values.buffer)];

/** Value of a binary16 pattern by its definition. */
function half(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >> 10) & 31;
  const fraction = pattern & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

test("every f16 pattern is exact", () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const values = toF32(view("f16", all));
  const wrong = [...all].filter((pattern) => !Object.is(values[pattern], half(pattern)));
  expect(wrong).toEqual([]);
  expect(bits(values.slice(0x7e01, 0x7e02))).toEqual([0x7fc02000]);
});

test("every bf16 pattern is the high half of its f32", () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const wrong = bits(toF32(view("bf16", all))).filter((value, i) => value !== i * 65_536);
  expect(wrong).toEqual([]);
});

test("f32 keeps its bits", () => {
  const patterns = Uint32Array.of(0x80000000, 1, 0x7f800000, 0xffc00001, 0x7f7fffff);
  expect(bits(toF32(view("f32", patterns)))).toEqual([...patterns]);
});

test("integers become floats", () => {
  expect(toF32(view("i8", Int8Array.of(-128, 0, 127)))).toEqual(Float32Array.of(-128, 0, 127));
  const i32 = Int32Array.of(-(2 ** 31), 2 ** 24 + 1, 7);
  expect(toF32(view("i32", i32))).toEqual(Float32Array.of(-(2 ** 31), 2 ** 24, 7));
  const i64 = BigInt64Array.of(-(2n ** 63n), 2n ** 40n, -1n);
  expect(toF32(view("i64", i64))).toEqual(Float32Array.of(-(2 ** 63), 2 ** 40, -1));
});

test("the result is a copy, also of a Node Buffer", () => {
  const file = Buffer.from(Float32Array.of(1, 2).buffer.slice(0));
  const values = toF32({ name: "t", dtype: "f32", shape: [2], byteLength: 8, bytes: () => file });
  file.fill(0);
  expect(values).toEqual(Float32Array.of(1, 2));
  expect(values.buffer.byteLength).toBe(8);
});
