import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Driver } from "@ripvec/core";
import {
  type DType,
  dtypeByteLength,
  sizeOf,
  type Tensor,
  type WeightView,
} from "@ripvec/core/driver";
import { afterEach, beforeEach } from "vitest";
import { cpu } from "../../src/index.js";
import { wave } from "./passes.js";

export let folder: string;
export let driver: Driver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ripvec-weights-"));
  driver = await cpu({ threads: 2 });
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Writes a file of `pad` bytes followed by `values` in `dtype`. Returns a view that a driver may
 * read directly from the file.
 */
export function inFile(
  name: string,
  shape: readonly number[],
  bytes: Uint8Array,
  dtype: DType,
  pad = 0,
): WeightView {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([Buffer.alloc(pad), bytes]));
  return {
    name,
    dtype,
    shape,
    byteLength: sizeOf(shape) * dtypeByteLength(dtype),
    bytes: () => {
      throw new Error("a weight in a file must not be read by JavaScript");
    },
    file: { path, byteOffset: pad },
  };
}

/**
 * The same in pieces that may end inside an element, each in a file of its own. Except for the
 * first two, `pad` bytes precede each piece.
 */
export function inPieces(
  name: string,
  of: Omit<WeightView, "bytes">,
  bytes: Uint8Array,
): WeightView {
  const cuts = [0, 1, 7, bytes.length / 2 - 3, bytes.length - 2, bytes.length].map(Math.floor);
  const pieces = cuts.slice(1).map((end, i) => ({ byteOffset: cuts[i] ?? 0, end }));
  return {
    ...of,
    name,
    bytes: () => {
      throw new Error("a weight in files must not be read by JavaScript");
    },
    file: undefined,
    parts: pieces.map(({ byteOffset, end }, i) => {
      const path = join(folder, `${name}.${Math.max(1, i)}`);
      const pad = Math.max(0, i - 1) * 5;
      const whole = i < 2 ? bytes : Buffer.concat([Buffer.alloc(pad), bytes.subarray(byteOffset)]);
      writeFileSync(path, whole);
      return { path, byteOffset: i < 2 ? byteOffset : pad, byteLength: end - byteOffset };
    }),
  };
}

export function inMemory(
  name: string,
  shape: readonly number[],
  bytes: Uint8Array,
  dtype: DType,
): WeightView {
  return { name, dtype, shape, byteLength: bytes.byteLength, bytes: () => bytes };
}

/**
 * A row in which each number is half way between two of the 255 steps, as nearly as f32 can
 * represent it.
 */
export function halfSteps(cols: number, largest: number): Float32Array {
  const step = Math.fround(Math.fround(largest) / 127);
  return Float32Array.from({ length: cols }, (_, i) =>
    i === 0 ? largest : ((i % 127) - 0.5) * step,
  );
}

export const bytesOf = (array: Float32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** A copy of the bytes at an odd address. */
export function atOddAddress(bytes: Uint8Array): Uint8Array {
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  return shifted.subarray(1);
}

export function linear(
  weight: Tensor,
  [outputs, inputs]: readonly [number, number],
  on: Driver = driver,
): Promise<Float32Array> {
  return on.run((ops) => {
    const out = ops.alloc("f32", [3, outputs]);
    ops.linear({ x: ops.input(wave(3 * inputs, 5), [3, inputs]), weight, out });
    return out;
  });
}

export const difference = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));

export function lookup(
  table: Tensor,
  ids: readonly number[],
  cols: number,
  on: Driver = driver,
): Promise<Float32Array> {
  return on.run((ops) => {
    const out = ops.alloc("f32", [ids.length, cols]);
    ops.embedding_lookup({ table, ids: ops.input(Int32Array.from(ids), [ids.length]), out });
    return out;
  });
}
