import type { FileIdentity } from "../weights.js";

/** Bytes that can be read synchronously at any offset: a file, or a buffer in memory. */
export interface ByteSource {
  /** Path or URL of the bytes, for messages. */
  readonly path: string;
  readonly byteLength: number;
  /** Reads `byteLength` bytes, starting with byte `from`. May return a view that must not be written. */
  read(from: number, byteLength: number): Uint8Array;
  /** Whether `path` is a local file, which a driver may read itself. */
  readonly local: boolean;
  /** Identity of a local file when it was opened. `read` and `hash` throw ModelFileError if it has changed since. */
  readonly identity?: FileIdentity | undefined;
  /** SHA-256 of all bytes, in hex. */
  hash(): Promise<string>;
}
