import type { ByteSource } from "@ripvec/core/arch";

/** Bytes of a safetensors file with this header, whether it is right or not. */
export function safetensorsFile(header: unknown, body: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + json.length + body.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(body, 8 + json.length);
  return file;
}

/** A source in memory that counts what is asked of it. */
export class CountingSource implements ByteSource {
  readonly path = "m.safetensors";
  readonly local: boolean;
  readonly byteLength: number;
  readonly #bytes: Uint8Array;
  /** Bytes asked for. */
  asked = 0;
  hashes = 0;

  constructor(bytes: Uint8Array, facts: { byteLength?: number; local?: boolean } = {}) {
    this.#bytes = bytes;
    this.byteLength = facts.byteLength ?? bytes.length;
    this.local = facts.local ?? false;
  }

  read(from: number, byteLength: number): Uint8Array {
    this.asked += byteLength;
    return this.#bytes.subarray(from, from + byteLength);
  }

  async hash(): Promise<string> {
    this.hashes++;
    return "abc";
  }
}
