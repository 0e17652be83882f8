interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Changes f32 tensors in a copy of a safetensors file. */
export class CheckpointEditor {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #header: Readonly<Record<string, Entry>>;
  readonly #bodyOffset: number;

  constructor(bytes: Uint8Array) {
    this.bytes = Uint8Array.from(bytes);
    this.#bodyOffset = 8 + Number(new DataView(this.bytes.buffer).getBigUint64(0, true));
    const header = this.bytes.subarray(8, this.#bodyOffset);
    this.#header = JSON.parse(new TextDecoder().decode(header));
  }

  get names(): string[] {
    return Object.keys(this.#header);
  }

  /** Throws RangeError when there is no such tensor. */
  shapeOf(name: string): readonly number[] {
    return this.#entry(name).shape;
  }

  /** Multiplies each value by the factor of its last index. Throws RangeError unless the tensor is f32. */
  scaleColumns(name: string, factorOf: (column: number) => number): void {
    const { dtype, shape, data_offsets: offsets } = this.#entry(name);
    if (dtype !== "F32") throw new RangeError(`${name} is ${dtype}, not F32`);
    const columns = shape.at(-1) ?? 1;
    const factors = Array.from({ length: columns }, (_, column) => factorOf(column));
    const view = new DataView(this.bytes.buffer, this.#bodyOffset + offsets[0]);
    for (let at = 0, column = 0; at < offsets[1] - offsets[0]; at += 4, column++) {
      const factor = factors[column % columns] ?? 1;
      if (factor !== 1) view.setFloat32(at, view.getFloat32(at, true) * factor, true);
    }
  }

  #entry(name: string): Entry {
    const entry = this.#header[name];
    if (!entry) throw new RangeError(`the checkpoint has no tensor ${name}`);
    return entry;
  }
}
