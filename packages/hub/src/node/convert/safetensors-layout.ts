import type { DType } from "@ripvec/core/arch";
import type { StoredTensor } from "./plan-tensors.js";

/** A safetensors file before its tensors are there. */
export interface SafetensorsLayout {
  /** The length of the header and the header. */
  readonly head: Uint8Array;
  /** First byte in the file of each tensor. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Of the whole file. */
  readonly byteLength: number;
}

/** The order in which the library safetensors writes dtypes: wide ones first, so that all are aligned. */
const order: readonly DType[] = ["i64", "f32", "i32", "bf16", "f16", "i8"];

const lengthBytes = 8;
const alignment = 8;

/**
 * Places tensors as the library safetensors (0.8) does, to the byte: by dtype, then by name in UTF-8, behind a header
 * that is filled with spaces to a multiple of 8 bytes. `format` is what transformers wants to read.
 */
export function layoutOf(tensors: readonly StoredTensor[]): SafetensorsLayout {
  const sorted = tensors.toSorted(
    (a, b) =>
      order.indexOf(a.dtype) - order.indexOf(b.dtype) ||
      Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  let end = 0;
  const placed = sorted.map(({ name, dtype, shape, byteLength }) => {
    const start = end;
    end += byteLength;
    return {
      name,
      start,
      entry: { dtype: dtype.toUpperCase(), shape, data_offsets: [start, end] },
    };
  });
  const head = headOf(placed.map(({ name, entry }) => [name, entry]));
  const offsets = placed.map(({ name, start }) => [name, head.byteLength + start] as const);
  return { head, offsets: new Map(offsets), byteLength: head.byteLength + end };
}

/** Written entry by entry: an object would put names that are whole numbers first. */
function headOf(entries: readonly (readonly [name: string, entry: object])[]): Uint8Array {
  const members = [["__metadata__", { format: "pt" }] as const, ...entries].map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  const text = Buffer.from(`{${members.join(",")}}`);
  const byteLength = Math.ceil(text.byteLength / alignment) * alignment;
  const head = Buffer.alloc(lengthBytes + byteLength, " ");
  head.writeBigUInt64LE(BigInt(byteLength));
  text.copy(head, lengthBytes);
  return head;
}
