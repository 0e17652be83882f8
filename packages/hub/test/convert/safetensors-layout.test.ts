import { openSafetensors } from "@ripvec/core/arch";
import { expect, test } from "vitest";
import { memorySource } from "../../src/browser/memory-source.js";
import type { StoredTensor } from "../../src/node/convert/plan-tensors.js";
import { layoutOf } from "../../src/node/convert/safetensors-layout.js";

const stored = (
  name: string,
  dtype: StoredTensor["dtype"],
  shape: readonly number[],
  byteLength: number,
): StoredTensor => ({ name, dtype, shape, byteLength });

const tensors = [
  stored("b.w", "i8", [3, 2], 6),
  stored("a.w", "f32", [3, 2], 24),
  stored("a.h", "f16", [1], 2),
  stored("z", "i64", [1], 8),
  stored("b.w_scale", "f32", [3, 1], 12),
  stored("bf", "bf16", [1], 2),
  stored("i", "i32", [1], 4),
  stored("Z", "f32", [1], 4),
  stored("é", "f32", [1], 4),
  stored("7", "f32", [1], 4),
  stored("none", "f32", [0, 3], 0),
];

/** Written by save_file of safetensors 0.8.0 with metadata {"format": "pt"}. */
const header = [
  '{"__metadata__":{"format":"pt"},',
  '"z":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},',
  '"7":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},',
  '"Z":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},',
  '"a.w":{"dtype":"F32","shape":[3,2],"data_offsets":[16,40]},',
  '"b.w_scale":{"dtype":"F32","shape":[3,1],"data_offsets":[40,52]},',
  '"none":{"dtype":"F32","shape":[0,3],"data_offsets":[52,52]},',
  '"é":{"dtype":"F32","shape":[1],"data_offsets":[52,56]},',
  '"i":{"dtype":"I32","shape":[1],"data_offsets":[56,60]},',
  '"bf":{"dtype":"BF16","shape":[1],"data_offsets":[60,62]},',
  '"a.h":{"dtype":"F16","shape":[1],"data_offsets":[62,64]},',
  '"b.w":{"dtype":"I8","shape":[3,2],"data_offsets":[64,70]}}',
]
  .join("")
  .padEnd(663);

test("the header equals that of the safetensors library byte for byte", () => {
  const { head, offsets, byteLength } = layoutOf(tensors);
  expect(Buffer.from(head.subarray(8)).toString()).toBe(header);
  expect(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true)).toBe(
    BigInt(Buffer.byteLength(header)),
  );
  expect(offsets.get("z")).toBe(head.byteLength);
  expect(byteLength).toBe(head.byteLength + 70);
});

test("core reads headers of every length", () => {
  for (let length = 1; length < 12; length++) {
    const { head, byteLength } = layoutOf([stored("x".repeat(length), "i8", [2], 2)]);
    expect(head.byteLength % 8).toBe(0);
    const bytes = Buffer.concat([head, Buffer.of(1, 2)]);
    expect(bytes.byteLength).toBe(byteLength);
    const source = openSafetensors(memorySource("x", { bytes, sha256: "0" }));
    expect(Array.from(source.get("x".repeat(length)).bytes())).toEqual([1, 2]);
  }
});
