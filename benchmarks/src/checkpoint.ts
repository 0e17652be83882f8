/** A tensor of a checkpoint, widened to f32. */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface Header {
  readonly [name: string]: {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly data_offsets: readonly [number, number];
  };
}

/**
 * Reads safetensors bytes independently of the code under test, so that one mistake cannot affect
 * both sides of a comparison.
 */
export class Checkpoint {
  readonly #bytes: Uint8Array;
  readonly #header: Header;
  readonly #bodyOffset: number;

  /** The bytes are kept, not copied. */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const headerByteLength = Number(view.getBigUint64(0, true));
    this.#bodyOffset = 8 + headerByteLength;
    this.#bytes = bytes;
    this.#header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, this.#bodyOffset)));
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#header, name);
  }

  get names(): string[] {
    return Object.keys(this.#header).filter((name) => name !== "__metadata__");
  }

  /**
   * Throws RangeError when the tensor does not exist, or when its dtype is not F32, F16 or BF16.
   */
  get(name: string): CheckpointTensor {
    const entry = this.#header[name];
    if (!entry) throw new RangeError(`the checkpoint has no tensor ${name}`);
    const [from, to] = entry.data_offsets;
    const body = this.#bytes.slice(this.#bodyOffset + from, this.#bodyOffset + to);
    return { shape: entry.shape, data: widen(entry.dtype, body.buffer, name) };
  }
}

function widen(dtype: string, body: ArrayBuffer, name: string): Float32Array {
  switch (dtype) {
    case "F32":
      return new Float32Array(body);
    case "F16":
      return Float32Array.from(new Uint16Array(body), fromF16);
    case "BF16":
      return new Float32Array(Uint32Array.from(new Uint16Array(body), (bits) => bits << 16).buffer);
    default:
      throw new RangeError(`${name} is ${dtype}; F32, F16 and BF16 are supported`);
  }
}

function fromF16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
