import type { DType } from "@ripvec/core/arch";
import type { StoredTensor } from "./plan-tensors.js";

/** The layout of a safetensors file whose tensors are not written yet. */
export interface SafetensorsLayout {
  /** The 8 bytes of the header's length, and the header. */
  readonly head: Uint8Array;
  /** Position in the file of each tensor's first byte. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Length of the whole file in bytes. */
  readonly byteLength: number;
}

/**
 * The order in which the safetensors library writes dtypes: wide ones first, so that all are
 * aligned.
 */
const order: readonly DType[] = ["i64", "f32", "i32", "bf16", "f16", "i8"];

const lengthBytes = 8;
const alignment = 8;

/**
 * Lays tensors out byte for byte as the safetensors library (0.8) does: sorted by dtype, then by
 * name in UTF-8, after a header padded with spaces to a multiple of 8 bytes. `format` is the
 * metadata that transformers expects.
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

/**
 * The header is written entry by entry, because a JavaScript object would put names that are whole
 * numbers first.
 */
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
