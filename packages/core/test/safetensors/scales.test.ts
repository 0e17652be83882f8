import { ModelFileError } from "@ripvec/core";
import { openSafetensors, toF32 } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { CountingSource, safetensorsFile } from "../support/safetensors-file.js";

interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: ArrayBufferView;
}

const values: Stored = { dtype: "I8", shape: [2, 3], bytes: Int8Array.of(1, -2, 3, 127, 0, -128) };
const floats = (shape: readonly number[], ...scales: readonly number[]): Stored => ({
  dtype: "F32",
  shape,
  bytes: Float32Array.from(scales),
});

function sourceOf(tensors: Readonly<Record<string, Stored>>): CountingSource {
  let at = 0;
  const header = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const from = at;
    at += bytes.byteLength;
    return [name, { dtype, shape, data_offsets: [from, at] }] as const;
  });
  const body = Object.values(tensors).map(({ bytes: { buffer, byteOffset, byteLength } }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  const file = safetensorsFile(Object.fromEntries(header), Buffer.concat(body));
  return new CountingSource(file, { local: true });
}

/** The tensor "w", beside which `scale` stands. */
const read = (scale: Stored, w: Stored = values) =>
  openSafetensors(sourceOf({ w, w_scale: scale })).get("w");

const expected = Float32Array.of(0.5, -1, 1.5, 254, 0, -256);

test.each([[2], [2, 1]])("an I8 tensor is read with the scales of its rows, %j", (...shape) => {
  const view = read(floats(shape, 0.5, 2));
  expect(view).toMatchObject({ dtype: "i8", shape: [2, 3], byteLength: 6 });
  expect(view.scales).toMatchObject({ name: "w_scale", dtype: "f32", shape, byteLength: 8 });
  expect(toF32(view)).toEqual(expected);
});

/** 0.5 and 2 as IEEE 754 binary16, as bfloat16 and as binary64. */
test.each<[string, ArrayBufferView]>([
  ["F16", Uint16Array.of(0x3800, 0x4000)],
  ["BF16", Uint16Array.of(0x3f00, 0x4000)],
  ["F64", Float64Array.of(0.5, 2)],
])("scales of %s are widened exactly", (dtype, bytes) => {
  const view = read({ dtype, shape: [2, 1], bytes });
  expect(view.scales).toMatchObject({ dtype: "f32", byteLength: 8 });
  expect(toF32(view)).toEqual(expected);
});

test("i8 without scales has its integers as values, and only i8 has scales", () => {
  const view = openSafetensors(sourceOf({ w: values })).get("w");
  expect(view.scales).toBeUndefined();
  expect(read(floats([3], 1, 2, 3), floats([3], 4, 5, 6)).scales).toBeUndefined();
});

test("get reads the scales, and bytes() reads the values", () => {
  const source = sourceOf({ w: values, w_scale: floats([2, 1], 0.5, 2) });
  const weights = openSafetensors(source);
  source.asked = 0;
  const view = weights.get("w");
  expect(source.asked).toBe(8);
  expect(view.file?.path).toBe(source.path);
  view.scales?.bytes();
  view.bytes();
  expect(source.asked).toBe(8 + 6);
});

test("a row of zeros may have the scale 0, and there may be no rows", () => {
  expect([...toF32(read(floats([2], 0, 1)))].map(Math.abs)).toEqual([0, 0, 0, 127, 0, 128]);
  const none: Stored = { dtype: "I8", shape: [0, 3], bytes: new Int8Array(0) };
  expect(toF32(read(floats([0, 1]), none))).toHaveLength(0);
});

describe("scales that do not fit are refused by name in get", () => {
  const vector: Stored = { dtype: "I8", shape: [2], bytes: Int8Array.of(1, 2) };
  test.each<[string, Stored, RegExp, Stored?]>([
    ["one for all rows", floats([1], 1), /is f32 \[1\]\. As the scales of w, i8 \[2, 3\], it must/],
    ["one for all rows, a scalar", floats([], 1), /is f32 \[\]/],
    ["one for each column", floats([3], 1, 1, 1), /is f32 \[3\]/],
    ["a row of them", floats([1, 2], 1, 1), /is f32 \[1, 2\]/],
    ["groups", floats([2, 3], 1, 1, 1, 1, 1, 1), /is f32 \[2, 3\]/],
    ["three dimensions", floats([2, 1, 1], 1, 1), /is f32 \[2, 1, 1\]/],
    ["integers", { dtype: "I32", shape: [2], bytes: Int32Array.of(1, 1) }, /is i32 \[2\]/],
    ["F8", { dtype: "F8_E4M3", shape: [2], bytes: Uint8Array.of(1, 1) }, /has dtype F8_E4M3/],
    ["a vector's", floats([2], 1, 1), /As the scales of w, i8 \[2\], it must/, vector],
    ["NaN", floats([2, 1], 1, Number.NaN), /scale of row 1 is NaN/],
    ["infinity", floats([2, 1], Number.POSITIVE_INFINITY, 1), /scale of row 0 is Infinity/],
    [
      "a negative one",
      floats([2, 1], 1, -1),
      /scale of row 1 is -1; a scale must be finite and at least 0/,
    ],
  ])("%s", (_, scale, message, w = values) => {
    const weights = openSafetensors(sourceOf({ w, w_scale: scale, other: floats([1], 1) }));
    expect(() => weights.get("w")).toThrow(message);
    expect(() => weights.get("w")).toThrow(
      expect.objectContaining({
        code: "MODEL_FILE",
        path: "m.safetensors",
        tensor: "w_scale",
      }) as ModelFileError,
    );
    expect(toF32(weights.get("other"))).toEqual(Float32Array.of(1));
  });
});

test("the error for a dtype of other quantisation software says what to do", () => {
  const packed = (dtype: string) => ({ dtype, shape: [4], bytes: new Uint8Array(4) });
  const tensors = { f8: packed("F8_E4M3"), u8: packed("U8"), bool: packed("BOOL") };
  const weights = openSafetensors(sourceOf(tensors));
  expect(() => weights.get("f8")).toThrow(/"f8": has dtype F8_E4M3; .*take the model that it was/);
  expect(() => weights.get("u8")).toThrow(/"u8": has dtype U8; .*take the model that it was/);
  expect(() => weights.get("bool")).toThrow(/has dtype BOOL; supported: [A-Z0-9, ]+$/);
});

test("tensors named as scales of each other do not recurse without end", () => {
  const names = Array.from({ length: 500 }, (_, i) => `w${"_scale".repeat(i)}`);
  const one = { dtype: "I8", shape: [1, 1], bytes: Int8Array.of(1) };
  const weights = openSafetensors(sourceOf(Object.fromEntries(names.map((name) => [name, one]))));
  expect(() => weights.get("w")).toThrow(ModelFileError);
});
