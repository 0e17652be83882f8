import type { DType } from "../dtype.js";
import { ModelFileError } from "../errors.js";
import type { WeightSource, WeightView } from "../weights.js";
import type { ByteSource } from "./byte-source.js";
import { readExactly, readHeader, type TensorEntry } from "./header.js";
import { narrowF64 } from "./narrow-f64.js";
import { withScales } from "./with-scales.js";

const dtypes: ReadonlyMap<string, DType> = new Map([
  ["F32", "f32"],
  ["F16", "f16"],
  ["BF16", "bf16"],
  ["I8", "i8"],
  ["I32", "i32"],
  ["I64", "i64"],
]);

/** Dtypes of weights that other software has quantised or packed. */
const quantized = /^(F[468]_.*|U8|U16|U32)$/;
const quantizedRemedy = "It was quantised by other software: take the model that it was made from";

/**
 * Opens a safetensors file. The header is read and checked at once; the data of a tensor is read when `bytes` of its view
 * is called. The view of an F64 tensor is f32: its values are rounded when they are read. The view of an I8 tensor has
 * the `scales` of `withScales`, which `get` reads. Throws ModelFileError. The source must stay readable as long as views
 * are used.
 */
export function openSafetensors(source: ByteSource): WeightSource {
  return tensorFile(source, readHeader(source));
}

/**
 * For readers of other formats: the tensors of a file at known offsets, little-endian, contiguous and in row-major order.
 * Every entry must be inside the source. Views are as those of `openSafetensors`.
 */
export function tensorFile(
  source: ByteSource,
  entries: ReadonlyMap<string, TensorEntry>,
): WeightSource {
  return new TensorFile(source, entries);
}

class TensorFile implements WeightSource {
  readonly path: string;
  readonly names: readonly string[];
  readonly inMemory: boolean;
  readonly #source: ByteSource;
  readonly #entries: ReadonlyMap<string, TensorEntry>;
  #hash: Promise<string> | undefined;

  constructor(source: ByteSource, entries: ReadonlyMap<string, TensorEntry>) {
    this.path = source.path;
    this.names = [...entries.keys()];
    this.inMemory = !source.local;
    this.#source = source;
    this.#entries = entries;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  get(name: string): WeightView {
    return withScales(this.#view(name), this);
  }

  #view(name: string): WeightView {
    const { path } = this;
    const entry = this.#entries.get(name);
    if (!entry) throw new ModelFileError("is missing", { path, tensor: name });
    const { shape, byteOffset, byteLength } = entry;
    const { local, identity } = this.#source;
    const read = () => readExactly(this.#source, byteOffset, byteLength);
    if (entry.dtype === "F64") {
      const bytes = () => narrowF64(read(), { path, tensor: name });
      return { name, dtype: "f32", shape, byteLength: byteLength / 2, bytes };
    }
    const dtype = dtypes.get(entry.dtype);
    if (!dtype) {
      const supported = [...dtypes.keys(), "F64"].join(", ");
      const remedy = quantized.test(entry.dtype) ? `. ${quantizedRemedy}` : "";
      throw new ModelFileError(`has dtype ${entry.dtype}; supported: ${supported}${remedy}`, {
        path,
        tensor: name,
      });
    }
    return {
      name,
      dtype,
      shape,
      byteLength,
      bytes: read,
      ...(local && { file: { path, byteOffset, identity } }),
    };
  }

  hash(): Promise<string> {
    this.#hash ??= this.#source.hash();
    return this.#hash;
  }
}
