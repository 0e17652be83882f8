import type { ByteSource } from "@ripvec/core/arch";
import { sha256 } from "../digest.js";
import type { LoadedFile } from "./model-cache.js";

/** A file that lies in memory; reads return views of it. */
export function memorySource(path: string, { bytes, sha256: known }: LoadedFile): ByteSource {
  let hash = known === undefined ? undefined : Promise.resolve(known);
  return {
    path,
    byteLength: bytes.byteLength,
    local: false,
    read: (from, byteLength) => bytes.subarray(from, from + byteLength),
    hash() {
      hash ??= sha256(bytes);
      return hash;
    },
  };
}
