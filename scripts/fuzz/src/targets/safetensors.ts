import { openSafetensors } from "@ripvec/core/arch";
import type { Target } from "../target.js";
import { readTensors, weightFile } from "./weights.js";

function read(bytes: Uint8Array): void {
  const source = weightFile(bytes);
  readTensors(openSafetensors(source), bytes, source.maxRequested);
}

/** A whole file. */
export const safetensors: Target = { name: "safetensors", kind: "bytes", run: read };

/** The header alone. It is followed by as many bytes as its tensors require. */
export const safetensorsHeader: Target = {
  name: "safetensors-header",
  kind: "json",
  run(header) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    read(Buffer.concat([length, header, Buffer.alloc(bodyBytes(header))]));
  },
};

const maxBodyBytes = 1 << 16;

function bodyBytes(header: Uint8Array): number {
  try {
    const entries = Object.values(JSON.parse(Buffer.from(header).toString()) as object);
    const ends = entries.map((entry: { data_offsets?: unknown[] } | null) =>
      Number(entry?.data_offsets?.[1]),
    );
    const end = Math.max(0, ...ends.slice(0, 1000).filter(Number.isSafeInteger));
    return Math.min(end, maxBodyBytes);
  } catch {
    return 0;
  }
}
