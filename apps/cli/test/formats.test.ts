import type { EmbeddedText } from "@ripvec/core";
import { expect, test } from "vitest";
import { json } from "../src/formats/json.js";
import { jsonl } from "../src/formats/jsonl.js";
import { npy } from "../src/formats/npy.js";

const row = (index: number, embedding: readonly number[]): EmbeddedText => ({
  index,
  text: `text "${index}"`,
  tokens: 12,
  truncated: false,
  embedding: Float32Array.from(embedding),
});

test("a JSONL row has exactly the documented form", () => {
  expect(jsonl().row(row(0, [0.5, -1, 1e-20]))).toBe(
    '{"index":0,"text":"text \\"0\\"","tokens":12,"truncated":false,"embedding":[0.5,-1,9.99999968e-21]}\n',
  );
});

test("numbers read back as the same f32", () => {
  const bits = new Uint32Array(5000).map((_, i) => Math.imul(i + 1, 2654435761));
  const values = [...new Float32Array(bits.buffer)].filter(Number.isFinite);
  const text = jsonl().row(row(0, values)) ?? "";
  const back = Float32Array.from((JSON.parse(text) as { embedding: number[] }).embedding);
  expect(values.length).toBeGreaterThan(4000);
  expect(back).toEqual(Float32Array.from(values));
});

test.each([0, 1, 3])("json of %i rows is one array", (count) => {
  const format = json();
  const rows = Array.from({ length: count }, (_, index) => row(index, [index]));
  const text = `${rows.map((each) => format.row(each)).join("")}${String(format.end())}`;
  expect(JSON.parse(text)).toEqual(rows.map((each) => ({ ...each, embedding: [each.index] })));
});

test.each([0, 1, 1000])("npy of %i rows is a version 1 file of little-endian f32", (count) => {
  const format = npy(3);
  for (let i = 0; i < count; i++) expect(format.row(row(i, [i, i + 0.5, -0.25]))).toBeUndefined();
  const bytes = Buffer.from(format.end() as Uint8Array);

  expect(bytes.subarray(0, 8)).toEqual(Buffer.from("\x93NUMPY\x01\x00", "latin1"));
  const headerEnd = 10 + bytes.readUInt16LE(8);
  expect(headerEnd % 64).toBe(0);
  expect(bytes.subarray(10, headerEnd).toString("latin1")).toMatch(
    new RegExp(`^\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(${count}, 3\\), \\} *\\n$`),
  );
  expect(bytes.length - headerEnd).toBe(count * 3 * 4);
  if (count > 0) {
    const last = headerEnd + (count - 1) * 12;
    expect([0, 4, 8].map((at) => bytes.readFloatLE(last + at))).toEqual([
      count - 1,
      count - 0.5,
      -0.25,
    ]);
  }
});
