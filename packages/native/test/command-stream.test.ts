import { type DType, scalarDTypes, type Tensor } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { CommandStream, type NativeStorage } from "../src/command-stream.js";
import { encoders } from "../src/generated/encoders.js";

const tensorAt = (
  space: number,
  byteOffset: number,
  dtype: DType = "f32",
): Tensor<DType, NativeStorage> => ({
  dtype,
  shape: [1],
  size: 1,
  storage: { space, byteOffset },
});

test("a stream keeps its numbers while it grows, and is empty after it is cleared", () => {
  const stream = new CommandStream();
  for (let round = 0; round < 2; round++) {
    const expected: number[] = [];
    for (let i = 0; i < 2500; i++) {
      stream.tensor(i % 3 === 0 ? undefined : tensorAt(i, 2 ** 52 + i));
      stream.number(i / 7);
      expected.push(...(i % 3 === 0 ? [0, 0] : [i, 2 ** 52 + i]), i / 7);
    }
    expect([...stream.view()]).toEqual(expected);
    stream.clear();
    expect(stream.view()).toHaveLength(0);
  }
});

test("dtypes have the numbers of the addon's enum, whatever the list of the installed core is", () => {
  const args = { x: tensorAt(1, 0, "f16"), out: tensorAt(1, 64, "i8") };
  const stream = new CommandStream();
  const list = scalarDTypes as DType[];
  list.splice(1, 0, "u8" as DType);
  try {
    encoders.convert(stream, args);
  } finally {
    list.splice(1, 1);
  }
  // cpp/generated/op_enums.h: f32, f16, bf16, i8. Words: code, dtype of activations, two places, the op's numbers.
  expect([...stream.view().subarray(6)]).toEqual([1, 3, 1]);
});
