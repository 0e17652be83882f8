import { ModelFileError } from "@ripvec/core";
import type { ByteSource } from "@ripvec/core/arch";

/** Bytes inside the source. Throws ModelFileError when fewer are returned. */
export function bytesAt(source: Readable, from: number, byteLength: number): Uint8Array {
  const bytes = source.read(from, byteLength);
  if (bytes.byteLength === byteLength) return bytes;
  throw new ModelFileError(
    `read ${bytes.byteLength} of ${byteLength} bytes at ${from}: the file changed or is truncated`,
    { path: source.path },
  );
}

/** Bytes that can be read at any position. */
export type Readable = Pick<ByteSource, "path" | "byteLength" | "read">;

/** Size of a page: the file system reads this many bytes even when fewer are requested. */
const blockBytes = 4096;

/** The same bytes for many small sequential reads, which share the reads of a block. */
export function inBlocks(source: Readable): Readable {
  const { path, byteLength } = source;
  let [start, block] = [0, new Uint8Array()];
  return {
    path,
    byteLength,
    read(from, count) {
      const isInside = from >= start && from + count <= start + block.byteLength;
      if (!isInside) {
        start = from;
        const wanted = Math.max(count, Math.min(blockBytes, byteLength - from));
        block = Uint8Array.from(source.read(from, wanted));
      }
      return block.subarray(from - start, from - start + count);
    },
  };
}

/**
 * Numbers and texts of a binary format, little-endian. Reading beyond the end throws
 * ModelFileError.
 */
export class Fields {
  readonly byteLength: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #path: string;

  constructor(bytes: Uint8Array, path: string) {
    this.byteLength = bytes.byteLength;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#path = path;
  }

  u8(at: number): number {
    this.#expect(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#expect(at, 2);
    return this.#view.getUint16(at, true);
  }

  u32(at: number): number {
    this.#expect(at, 4);
    return this.#view.getUint32(at, true);
  }

  i32(at: number): number {
    this.#expect(at, 4);
    return this.#view.getInt32(at, true);
  }

  u64(at: number): number {
    this.#expect(at, 8);
    const value = Number(this.#view.getBigUint64(at, true));
    if (Number.isSafeInteger(value)) return value;
    throw this.broken(`holds the number ${value}, which is too large`);
  }

  bytes(at: number, byteLength: number): Uint8Array {
    this.#expect(at, byteLength);
    return this.#bytes.subarray(at, at + byteLength);
  }

  /** Text in UTF-8. */
  text(at: number, byteLength: number): string {
    const bytes = this.bytes(at, byteLength);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw this.broken("holds a text that is not UTF-8", cause);
    }
  }

  broken(message: string, cause?: unknown): ModelFileError {
    return new ModelFileError(message, { path: this.#path, ...(cause !== undefined && { cause }) });
  }

  #expect(at: number, byteLength: number): void {
    if (at + byteLength > this.byteLength) throw this.broken("ends in the middle of a record");
  }
}
