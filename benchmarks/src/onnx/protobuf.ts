/** The largest message in bytes that a protobuf reader accepts. */
const maxByteLength = 2 ** 31 - 1;

/**
 * Writes one protobuf message. Fields are in the order of the calls; byte fields are kept, not
 * copied.
 */
export class ProtoWriter {
  readonly #chunks: Uint8Array[] = [];
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  /** int32, int64, bool and enum fields. */
  int(field: number, value: number | bigint): this {
    return this.#key(field, 0).#varint(BigInt(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#key(field, 5).#push(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#key(field, 2).#varint(BigInt(value.byteLength)).#push(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtoWriter): this {
    this.#key(field, 2).#varint(BigInt(value.byteLength));
    for (const chunk of value.#chunks) this.#push(chunk);
    return this;
  }

  messages(field: number, values: Iterable<ProtoWriter>): this {
    for (const value of values) this.message(field, value);
    return this;
  }

  /** The message as bytes. Throws RangeError beyond 2 GB, which no reader accepts. */
  finish(): Uint8Array {
    if (this.#byteLength > maxByteLength) {
      throw new RangeError(
        `a protobuf message may have at most 2 GB, this one has ${this.#byteLength} B`,
      );
    }
    const all = new Uint8Array(this.#byteLength);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.byteLength;
    }
    return all;
  }

  #key(field: number, wireType: number): this {
    return this.#varint(BigInt((field << 3) | wireType));
  }

  #varint(value: bigint): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#push(Uint8Array.from(bytes));
  }

  #push(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    this.#byteLength += bytes.byteLength;
    return this;
  }
}
