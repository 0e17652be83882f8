import { ArgumentError, ModelFileError } from "@ripvec/core";
import { concatRows, expectShape, sliceRows, toF32 } from "@ripvec/core/arch";
import { fileRanges, weightView } from "@ripvec/core/driver";
import { expect, test } from "vitest";

const matrix = (name: string, rows: number, first: number) =>
  weightView(
    name,
    [rows, 2],
    Float32Array.from({ length: rows * 2 }, (_, i) => first + i),
  );

test("expectShape returns the view, or throws an error with tensor and file", () => {
  const view = { ...matrix("w", 3, 0), file: { path: "m.safetensors", byteOffset: 100 } };
  expect(expectShape(view, [3, 2])).toBe(view);
  expect(() => expectShape(view, [2, 3])).toThrow(ModelFileError);
  expect(() => expectShape(view, [2, 3])).toThrow(
    'm.safetensors, tensor "w": expected shape [2, 3], got [3, 2]',
  );
  expect(() => expectShape(view, [3, 2, 1])).toThrow(ModelFileError);
});

test("sliceRows skips rows of the bytes and of the file range", () => {
  const view = { ...matrix("w", 3, 0), file: { path: "m.safetensors", byteOffset: 100 } };
  const tail = sliceRows(view, 1);
  expect(tail).toMatchObject({ shape: [2, 2], byteLength: 16, file: { byteOffset: 108 } });
  expect(toF32(tail)).toEqual(Float32Array.of(2, 3, 4, 5));
  expect(sliceRows(view, 3).byteLength).toBe(0);
  expect(() => sliceRows(view, 4)).toThrow(ArgumentError);
  expect(() => sliceRows(view, -1)).toThrow(ArgumentError);
  expect(() => sliceRows(view, 0.5)).toThrow(ArgumentError);
});

test("concatRows keeps the file ranges of its parts, and sliceRows shortens them", () => {
  const q = { ...matrix("q", 1, 0), file: { path: "a", byteOffset: 100 } };
  const k = { ...matrix("k", 2, 10), file: { path: "b", byteOffset: 50 } };
  const v = { ...matrix("v", 1, 20), file: { path: "a", byteOffset: 7 } };
  const stacked = concatRows("qkv", [concatRows("qk", [q, k]), v]);
  expect(stacked.file).toBeUndefined();
  expect(stacked.parts).toEqual([
    { path: "a", byteOffset: 100, byteLength: 8 },
    { path: "b", byteOffset: 50, byteLength: 16 },
    { path: "a", byteOffset: 7, byteLength: 8 },
  ]);
  expect(fileRanges(stacked)).toBe(stacked.parts);
  expect(fileRanges(k)).toEqual([{ path: "b", byteOffset: 50, byteLength: 16 }]);
  const tail = sliceRows(stacked, 2);
  expect(tail.parts).toEqual([
    { path: "b", byteOffset: 58, byteLength: 8 },
    { path: "a", byteOffset: 7, byteLength: 8 },
  ]);
  expect(toF32(tail)).toEqual(Float32Array.of(12, 13, 20, 21));
  expect(fileRanges(sliceRows(stacked, 4))).toEqual([]);
  expect(fileRanges(concatRows("qk", [q, matrix("k", 1, 0)]))).toBeUndefined();
  expect(() => expectShape(stacked, [3, 2])).toThrow(/^a, tensor "qkv"/);
});

test("concatRows stacks tensors, and refuses different dtypes and row lengths", () => {
  const stacked = concatRows("qkv", [matrix("q", 1, 0), matrix("k", 2, 10)]);
  expect(stacked).toMatchObject({ name: "qkv", shape: [3, 2], byteLength: 24 });
  expect(toF32(stacked)).toEqual(Float32Array.of(0, 1, 10, 11, 12, 13));
  const wide = weightView("v", [1, 3], new Float32Array(3));
  expect(() => concatRows("qkv", [matrix("q", 1, 0), wide])).toThrow(/tensor "v"/);
  const half = { ...matrix("v", 1, 0), dtype: "f16" as const };
  expect(() => concatRows("qkv", [matrix("q", 1, 0), half])).toThrow(ModelFileError);
  const inFile = { ...half, file: { path: "m.safetensors", byteOffset: 100 } };
  expect(() => concatRows("qkv", [matrix("q", 1, 0), inFile])).toThrow(
    'm.safetensors, tensor "v": expected dtype f32 as in q, got f16',
  );
  expect(() => concatRows("qkv", [])).toThrow(ArgumentError);
});

test("weightView does not copy its data, also when that is part of a buffer", () => {
  const data = Float32Array.of(9, 1, 2).subarray(1);
  expect(toF32(weightView("w", [2], data))).toEqual(Float32Array.of(1, 2));
});

test("scales of an i8 tensor follow its rows through sliceRows and concatRows", () => {
  const eightBit = (name: string, values: readonly number[], scales: readonly number[]) => ({
    ...matrix(name, scales.length, 0),
    dtype: "i8" as const,
    byteLength: values.length,
    bytes: () => Uint8Array.from(values),
    scales: weightView(`${name}_scale`, [scales.length, 1], Float32Array.from(scales)),
  });
  const a = eightBit("a", [1, 2, 3, 4, 5, 6], [10, 20, 30]);
  const b = eightBit("b", [255, 128], [0.5]);
  const stacked = concatRows("ab", [a, b]);
  expect(toF32(stacked)).toEqual(Float32Array.of(10, 20, 60, 80, 150, 180, -0.5, -64));
  expect(stacked.scales).toMatchObject({ name: "ab_scale", shape: [4, 1] });
  expect(toF32(sliceRows(stacked, 2))).toEqual(Float32Array.of(150, 180, -0.5, -64));
  const flat = { ...b, scales: weightView("b_scale", [1], Float32Array.of(0.5)) };
  for (const mixed of [concatRows("ab", [a, flat]), concatRows("ab", [flat, flat])]) {
    expect(mixed.scales?.shape).toEqual([mixed.shape[0], 1]);
    expect(toF32(mixed).slice(-2)).toEqual(Float32Array.of(-0.5, -64));
  }
  expect(concatRows("ab", [a, { ...b, scales: undefined }]).scales).toBeUndefined();
});
