import { type ByteSource, toF32, type WeightSource } from "@ripvec/core/arch";
import { memorySource } from "../../../../packages/hub/src/browser/memory-source.js";
import { invariant } from "../target.js";
import { readSome } from "./read-some.js";

/** A weight file in memory that records the requested ranges. */
export function weightFile(bytes: Uint8Array): ByteSource & { maxRequested(): number } {
  const source = memorySource("weights", { bytes, sha256: "0" });
  let max = 0;
  return {
    ...source,
    maxRequested: () => max,
    read(from, byteLength) {
      max = Math.max(max, from + byteLength);
      return source.read(from, byteLength);
    },
  };
}

/** Reads every tensor. None may read outside the file, or have more values than the file has bytes. */
export function readTensors(weights: WeightSource, bytes: Uint8Array, asked: () => number): void {
  for (const name of weights.names.slice(0, 100)) {
    readSome(() => {
      const view = weights.get(name);
      invariant(view.byteLength <= 2 * bytes.length, "a tensor is larger than its file");
      invariant(
        view.bytes().byteLength === view.byteLength,
        "a tensor has another size than it says",
      );
      invariant(
        toF32(view).length <= bytes.length,
        "a tensor has more values than its file has bytes",
      );
    });
  }
  invariant(asked() <= bytes.length, "bytes outside of the file were asked for");
}
