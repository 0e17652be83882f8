import type { Tensor } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { CommandStream } from "../src/command-stream.js";

const tensorAt = (space: number, byteOffset: number): Tensor => ({
  dtype: "f32",
  shape: [1],
  size: 1,
  storage: { space, byteOffset },
});

test("a stream keeps its numbers while it grows, and begins anew when it is cleared", () => {
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
