import type { FileIdentity } from "../weights.js";

/** Bytes that can be read at any place, synchronously: a file, or a buffer in memory. */
export interface ByteSource {
  /** Where the bytes come from, for messages. */
  readonly path: string;
  readonly byteLength: number;
  /** `byteLength` bytes from byte `from` on. May be a view that must not be written. */
  read(from: number, byteLength: number): Uint8Array;
  /** True when `path` is a local file that a driver may read itself. */
  readonly local: boolean;
  /** Of a local file: what it was when it was opened. `read` and `hash` throw ModelFileError once it is another. */
  readonly identity?: FileIdentity | undefined;
  /** SHA-256 of all bytes, in hex. */
  hash(): Promise<string>;
}
