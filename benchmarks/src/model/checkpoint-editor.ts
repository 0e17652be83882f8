import type { ModelFiles } from "../model-files.js";

const path = "model.safetensors";

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Changes f32 tensors in a copy of a model's checkpoint. */
export class CheckpointEditor {
  readonly #files: ModelFiles;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #header: Readonly<Record<string, Entry>>;
  readonly #bodyOffset: number;

  /** Throws RangeError when there is no model.safetensors. */
  constructor(files: ModelFiles) {
    const bytes = files.get(path);
    if (!bytes) throw new RangeError(`the model has no ${path}`);
    this.#files = files;
    this.#bytes = Uint8Array.from(bytes);
    this.#bodyOffset = 8 + Number(new DataView(this.#bytes.buffer).getBigUint64(0, true));
    const header = this.#bytes.subarray(8, this.#bodyOffset);
    this.#header = JSON.parse(new TextDecoder().decode(header));
  }

  /** The model with the changed checkpoint. */
  get files(): ModelFiles {
    return new Map([...this.#files, [path, this.#bytes]]);
  }

  get names(): string[] {
    return Object.keys(this.#header);
  }

  /** Throws RangeError when the tensor does not exist. */
  shapeOf(name: string): readonly number[] {
    return this.#entry(name).shape;
  }

  /**
   * Multiplies each value by the factor of its last index. Throws RangeError unless the tensor is
   * f32.
   */
  scaleColumns(name: string, factorOf: (column: number) => number): void {
    const columns = this.shapeOf(name).at(-1) ?? 1;
    const factors = Array.from({ length: columns }, (_, column) => factorOf(column));
    this.#change(name, (value, at) => value * (factors[at % columns] ?? 1));
  }

  /** Adds a vector to one row. Throws RangeError unless the tensor is f32. */
  addToRow(name: string, row: number, vector: ArrayLike<number>): void {
    const from = row * vector.length;
    this.#change(name, (value, at) => value + (vector[at - from] ?? 0), from, vector.length);
  }

  #change(
    name: string,
    changed: (value: number, at: number) => number,
    from = 0,
    count?: number,
  ): void {
    const { dtype, data_offsets: offsets } = this.#entry(name);
    if (dtype !== "F32") throw new RangeError(`${name} is ${dtype}, not F32`);
    const to = count === undefined ? (offsets[1] - offsets[0]) / 4 : from + count;
    const view = new DataView(this.#bytes.buffer, this.#bodyOffset + offsets[0]);
    for (let at = from; at < to; at++) {
      view.setFloat32(4 * at, changed(view.getFloat32(4 * at, true), at), true);
    }
  }

  #entry(name: string): Entry {
    const entry = this.#header[name];
    if (!entry) throw new RangeError(`the checkpoint has no tensor ${name}`);
    return entry;
  }
}
