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

/** Dtypes that weights have only where other software quantised or packed them. */
const quantized = /^(F[468]_.*|U8|U16|U32)$/;
const quantizedRemedy = "It was quantised by other software: take the model that it was made from";

/**
 * Opens a safetensors file: the header is read and checked now, bodies are read when a view's
 * `bytes()` is called. F64 tensors are seen as f32: they are rounded when they are read. An I8 tensor has the `scales`
 * of `withScales`, read with `get`. Throws ModelFileError. The source must stay readable as long as views are used.
 */
export function openSafetensors(source: ByteSource): WeightSource {
  return tensorFile(source, readHeader(source));
}

/**
 * The tensors of a file whose places are known, little-endian, dense and row-major, for readers of other
 * formats. Every entry must lie inside the source. The rest is as with `openSafetensors`.
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
