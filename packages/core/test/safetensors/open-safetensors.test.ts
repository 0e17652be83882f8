import { ModelFileError } from "@ripvec/core";
import { openSafetensors, toF32 } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { CountingSource, safetensorsFile } from "../support/safetensors-file.js";

const f32 = (shape: readonly number[], from: number, to: number) => ({
  dtype: "F32",
  shape,
  data_offsets: [from, to],
});

const open = (header: unknown, bodyBytes = 0) =>
  openSafetensors(new CountingSource(safetensorsFile(header, new Uint8Array(bodyBytes))));

function refusal(header: unknown, bodyBytes = 0): ModelFileError {
  try {
    open(header, bodyBytes);
  } catch (error) {
    if (error instanceof ModelFileError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

test("opening reads the header alone, and bytes() reads a tensor", () => {
  const body = new Uint8Array(new Float32Array([1, -2, 3, 4.5, 7]).buffer);
  const header = {
    __metadata__: { format: "pt" },
    second: f32([1], 16, 20),
    "größe ✓ 🎉": f32([2, 2], 0, 16),
    empty: f32([0, 7], 20, 20),
  };
  const file = safetensorsFile(header, body);
  const source = new CountingSource(file, { local: true });
  const weights = openSafetensors(source);
  expect(source.asked).toBe(file.length - body.length);
  expect(weights.names).toEqual(["second", "größe ✓ 🎉", "empty"]);
  expect(weights.has("__metadata__")).toBe(false);

  const view = weights.get("größe ✓ 🎉");
  expect(view).toMatchObject({ dtype: "f32", shape: [2, 2], byteLength: 16 });
  expect(view.file).toEqual({ path: "m.safetensors", byteOffset: file.length - body.length });
  expect(source.asked).toBe(file.length - body.length);
  expect(toF32(view)).toEqual(Float32Array.of(1, -2, 3, 4.5));
  expect(source.asked).toBe(file.length - body.length + 16);
  expect(toF32(weights.get("second"))).toEqual(Float32Array.of(7));
  expect(toF32(weights.get("empty"))).toEqual(new Float32Array(0));
});

test("views of a source that is not a local file have no file", () => {
  const view = open({ a: f32([], 0, 4) }, 4).get("a");
  expect(view.file).toBeUndefined();
  expect(view.shape).toEqual([]);
});

test("a tensor may be called __proto__ or toString", () => {
  const weights = open('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4);
  expect(weights.names).toEqual(["__proto__"]);
  expect(weights.get("__proto__").shape).toEqual([1]);
  expect(weights.has("toString")).toBe(false);
});

test("the error for an absent tensor names it and the file", () => {
  const error = (() => {
    try {
      return open({}).get("encoder.layer.0");
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ path: "m.safetensors", tensor: "encoder.layer.0" });
});

describe("f64", () => {
  const wide = (...values: number[]) => {
    const body = new Uint8Array(8 * values.length);
    for (const [i, value] of values.entries()) {
      new DataView(body.buffer).setFloat64(8 * i, value, true);
    }
    const header = {
      wide: { dtype: "F64", shape: [values.length], data_offsets: [0, body.length] },
    };
    return openSafetensors(new CountingSource(safetensorsFile(header, body))).get("wide");
  };

  test("has an f32 view, rounded to nearest even", () => {
    const even = 1 + 2 ** -24;
    const view = wide(0.1, -0, even, 1 + 3 * 2 ** -24, 1e-46, Number.POSITIVE_INFINITY, Number.NaN);
    expect(view).toMatchObject({ dtype: "f32", shape: [7], byteLength: 28 });
    expect(view.file).toBeUndefined();
    const expected = [
      Math.fround(0.1),
      -0,
      1,
      1 + 2 ** -22,
      0,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ];
    expect([...toF32(view)]).toEqual(expected);
  });

  test("a value too large for f32 is refused by the tensor's name", () => {
    expect(() => wide(1, -1e39).bytes()).toThrow(
      /"wide": element 1 is -1e\+39, beyond the largest of f32/,
    );
  });
});

test("tensors of other dtypes are in names, and get refuses them by name", () => {
  const header = {
    wide: { dtype: "U64", shape: [1], data_offsets: [0, 8] },
    flag: { dtype: "BOOL", shape: [3], data_offsets: [8, 11] },
    future: { dtype: "F4", shape: [2], data_offsets: [11, 12] },
    good: f32([1], 12, 16),
  };
  const weights = open(header, 16);
  expect(weights.names).toEqual(["wide", "flag", "future", "good"]);
  expect(() => weights.get("wide")).toThrow(/m\.safetensors, tensor "wide": has dtype U64/);
  expect(() => weights.get("flag")).toThrow(ModelFileError);
  expect(() => weights.get("future")).toThrow(/F4/);
  expect(weights.get("good").dtype).toBe("f32");
});

test.each([
  ["begin after end", f32([1], 4, 0), 4],
  ["end outside the file", f32([2], 0, 8), 4],
  ["begin outside the file", f32([0], 9, 9), 4],
  ["negative offset", f32([1], -4, 0), 4],
  ["fractional offset", f32([1], 0.5, 4.5), 8],
  ["three offsets", { ...f32([1], 0, 4), data_offsets: [0, 4, 4] }, 4],
  ["offsets of text", { ...f32([1], 0, 4), data_offsets: ["0", "4"] }, 4],
  ["no offsets", { dtype: "F32", shape: [1] }, 4],
  ["no dtype", { shape: [1], data_offsets: [0, 4] }, 4],
  ["dtype a number", { dtype: 4, shape: [1], data_offsets: [0, 4] }, 4],
  ["shape a number", { ...f32([1], 0, 4), shape: 1 }, 4],
  ["negative dim", f32([-1, -1], 0, 4), 4],
  ["fractional dim", f32([0.5, 2], 0, 4), 4],
  ["too few bytes", f32([2], 0, 4), 4],
  ["too many bytes", f32([1], 0, 8), 8],
  ["dtype too wide", { ...f32([2], 0, 4), dtype: "F64" }, 4],
  ["product beyond 2^53", f32([2 ** 40, 2 ** 40], 0, 4), 4],
  // 2^32 · 2^32 · 4 is 0 in 64-bit arithmetic that wraps.
  ["product that wraps to nothing", f32([2 ** 32, 2 ** 32], 0, 0), 0],
  ["null", null, 0],
  ["a list", [], 0],
])("refuses a tensor with %s, by name", (_, entry, bodyBytes) => {
  const error = refusal({ "layer.0": entry }, bodyBytes);
  expect(error).toMatchObject({ path: "m.safetensors", tensor: "layer.0" });
});

test("refuses an end before the begin, also for a dtype of unknown size", () => {
  const turned = { dtype: "F4", shape: [1], data_offsets: [4, 0] };
  expect(refusal({ a: turned }, 4).message).toMatch(
    /data_offsets must be in 0 … 4, the data of the file, got 4 … 0/,
  );
});

test("refuses overlaps, gaps and trailing bytes", () => {
  expect(refusal({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12)).toMatchObject({ tensor: "b" });
  expect(refusal({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4)).toMatchObject({ tensor: "b" });
  expect(refusal({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12)).toMatchObject({ tensor: "b" });
  expect(refusal({ a: f32([1], 4, 8) }, 8)).toMatchObject({ tensor: "a" });
  expect(refusal({ a: f32([1], 0, 4) }, 5).message).toMatch(/last 1 bytes/);
});

test("refuses a name that appears twice with different offsets", () => {
  const entry = (from: number) =>
    `"a":{"dtype":"F32","shape":[1],"data_offsets":[${from},${from + 4}]}`;
  refusal(`{${entry(0)},${entry(4)}}`, 8);
});

test.each([
  ["not JSON", "{"],
  ["a list", "[]"],
  ["null", "null"],
  ["a number", "7"],
  ["nothing", ""],
  ["deep nesting", "[".repeat(200_000)],
])("refuses a header that is %s", (_, json) => {
  expect(refusal(json).path).toBe("m.safetensors");
});

test.each([
  ["a stray continuation", [0x80]],
  ["a truncated sequence", [0xc3]],
  ["an overlong form", [0xc0, 0x80]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
  ["a lead byte of five", [0xf8, 0x88, 0x80, 0x80, 0x80]],
])("refuses a header with %s as UTF-8", (_, bytes) => {
  const file = safetensorsFile(`{"${"x".repeat(bytes.length)}":{}}`);
  file.set(bytes, 8 + 2);
  expect(() => openSafetensors(new CountingSource(file))).toThrow(/not JSON/);
});

test("refuses files that are too short for a header without reading more", () => {
  for (let length = 0; length < 10; length++) {
    const source = new CountingSource(safetensorsFile({}).subarray(0, length));
    expect(() => openSafetensors(source)).toThrow(ModelFileError);
    expect(source.asked).toBeLessThanOrEqual(8);
  }
});

test("refuses a header length beyond the limit or the file without reading the header", () => {
  for (const length of [101n, 2n ** 24n, 2n ** 24n + 1n, 2n ** 53n, 2n ** 64n - 1n]) {
    const file = new Uint8Array(108);
    new DataView(file.buffer).setBigUint64(0, length, true);
    const source = new CountingSource(file);
    expect(() => openSafetensors(source)).toThrow(ModelFileError);
    expect(source.asked).toBe(8);
  }
});

test("refuses a header above the limit in a file that has room for it", () => {
  const file = new Uint8Array(8);
  new DataView(file.buffer).setBigUint64(0, 2n ** 24n + 1n, true);
  const source = new CountingSource(file, { byteLength: 2 ** 30 });
  expect(() => openSafetensors(source)).toThrow(
    /header must have at most 16777216 bytes, got 16777217/,
  );
  expect(source.asked).toBe(8);
});

test("a file that shrinks after opening is an error of its tensor's file", () => {
  const file = safetensorsFile({ a: f32([4], 0, 16) }, new Uint8Array(16));
  const source = new CountingSource(file.subarray(0, file.length - 1), { byteLength: file.length });
  const view = openSafetensors(source).get("a");
  expect(() => view.bytes()).toThrow(/read 15 of 16 bytes/);
});

test("a source that fails to read is a ModelFileError with its cause", () => {
  const cause = new Error("EIO");
  const source = new CountingSource(safetensorsFile({}));
  source.read = () => {
    throw cause;
  };
  expect(() => openSafetensors(source)).toThrow(
    expect.objectContaining({ cause, code: "MODEL_FILE" }),
  );
});

test("computes the hash of the source once", async () => {
  const source = new CountingSource(safetensorsFile({}));
  const weights = openSafetensors(source);
  expect(await Promise.all([weights.hash(), weights.hash()])).toEqual(["abc", "abc"]);
  expect(source.hashes).toBe(1);
});
