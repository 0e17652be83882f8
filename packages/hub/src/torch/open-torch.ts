import { ModelFileError } from "@ripvec/core";
import {
  type ByteSource,
  dtypeByteLength,
  elementBytes,
  type TensorEntry,
  tensorFile,
  type WeightSource,
  type WeightView,
} from "@ripvec/core/arch";
import { bytesAt } from "./bytes.js";
import {
  kindOf,
  PickleDict,
  type PickleValue,
  type TorchStorage,
  TorchTensor,
} from "./pickle-values.js";
import { readPickle } from "./read-pickle.js";
import { gather, isDense, isInjective, spanOf } from "./strides.js";
import { tensorMeanings } from "./tensor-meanings.js";
import { readZip, type ZipEntry } from "./zip-archive.js";

/** data.pkl takes about 150 bytes per tensor, so this limit allows 28,000 tensors. */
const maxPickleBytes = 4 << 20;

/**
 * Opens a file of torch.save (PyTorch 1.6 and later) that holds a dict of tensors. Its directory
 * and its pickle are read and checked at once, as data: no code runs. A tensor is read when a
 * view's `bytes()` is called; drivers can read tensors that are contiguous in a local file. Throws
 * ModelFileError.
 */
export function openTorch(source: ByteSource): WeightSource {
  refuseOtherFormats(source);
  const archive = new Archive(source, readZip(source));
  const tensors = [...archive.tensors()].map(([name, tensor]) => place(name, tensor, archive));
  const entries = new Map(tensors.map(({ entry }) => [entry.name, entry]));
  const strided = new Map(
    tensors.flatMap(({ entry, tensor }) =>
      isDense(tensor) ? [] : [[entry.name, tensor] as const],
    ),
  );
  const file = tensorFile(source, entries);
  if (strided.size === 0) return file;
  return { ...methodsOf(file), get: (name) => dense(file.get(name), strided.get(name)) };
}

function methodsOf(file: WeightSource): Omit<WeightSource, "get"> {
  const { path, names, inMemory } = file;
  return { path, names, inMemory, has: (name) => file.has(name), hash: () => file.hash() };
}

/** The view of a strided tensor as a tensor, made from the view of its span. */
function dense(span: WeightView, tensor: TorchTensor | undefined): WeightView {
  if (!tensor) return span;
  // The view may have another dtype than the file, because core converts on reading.
  const size = dtypeByteLength(span.dtype);
  const { shape } = tensor;
  return {
    name: span.name,
    dtype: span.dtype,
    shape,
    byteLength: shape.reduce((product, dim) => product * dim, size),
    bytes: () => gather(span.bytes(), tensor, size),
  };
}

/** The contents of the archive's folder: data.pkl and the storages that it refers to. */
class Archive {
  readonly #folder: string;
  readonly #storages = new Map<string, TorchStorage>();

  constructor(
    readonly source: ByteSource,
    readonly entries: ReadonlyMap<string, ZipEntry>,
  ) {
    const [pickle, ...others] = [...entries.keys()].filter((name) =>
      /^[^/]+\/data\.pkl$/.test(name),
    );
    if (pickle === undefined || others.length > 0)
      throw this.refusal("is not a file of torch.save");
    this.#folder = pickle.slice(0, -"data.pkl".length);
    const order = entries.get(`${this.#folder}byteorder`);
    if (order && text(source, order) !== "little") throw this.refusal("is big-endian");
  }

  refusal(message: string, tensor?: string): ModelFileError {
    const { path } = this.source;
    return new ModelFileError(message, { path, ...(tensor !== undefined && { tensor }) });
  }

  /** The tensors by name, in the file's order. */
  tensors(): ReadonlyMap<string, TorchTensor> {
    const { path } = this.source;
    const value = readPickle(this.#pickle(), path, tensorMeanings(path));
    if (!(value instanceof PickleDict))
      throw this.refusal(`holds ${kindOf(value)}, not a dict of tensors`);
    const tensors = new Map<string, TorchTensor>();
    for (const [name, item] of value.entries) {
      if (tensors.has(String(name))) throw this.refusal("occurs twice", String(name));
      if (item instanceof TorchTensor) tensors.set(String(name), item);
      else this.#expectScalar(String(name), item);
    }
    return tensors;
  }

  /** The entry of a storage, which must have the size that the pickle states. */
  bytesOf(storage: TorchStorage, tensor: string): ZipEntry {
    const { key, dtype, elements } = storage;
    const first = this.#storages.get(key) ?? storage;
    this.#storages.set(key, first);
    if (first.dtype !== dtype || first.elements !== elements) {
      throw this.refusal(`its storage ${key} is used with two sizes or dtypes`, tensor);
    }
    const entry = this.entries.get(`${this.#folder}data/${key}`);
    if (!entry) throw this.refusal(`its storage ${JSON.stringify(key)} is missing`, tensor);
    const needed = elements * (dtype === undefined ? 1 : (elementBytes.get(dtype) ?? Number.NaN));
    if (entry.byteLength === needed) return entry;
    throw this.refusal(
      `its storage ${key} has ${entry.byteLength} bytes instead of ${needed}`,
      tensor,
    );
  }

  #pickle(): Uint8Array {
    const entry = this.entries.get(`${this.#folder}data.pkl`);
    const { byteOffset, byteLength } = entry ?? { byteOffset: 0, byteLength: 0 };
    if (byteLength > maxPickleBytes) {
      throw this.refusal(`its data.pkl has ${byteLength} bytes, the limit is ${maxPickleBytes}`);
    }
    return bytesAt(this.source, byteOffset, byteLength);
  }

  /**
   * Numbers and texts next to the tensors are ignored, as in transformers, which does not find
   * nested tensors either.
   */
  #expectScalar(name: string, value: PickleValue): void {
    if (value === null || typeof value !== "object") return;
    throw this.refusal(
      `its entry ${JSON.stringify(name)} is ${kindOf(value)}: tensors must lie in the outermost dict. Save the model's state_dict() alone`,
    );
  }
}

/**
 * Checks that a tensor lies in its storage. The entry of a strided tensor is the span of its
 * elements.
 */
function place(
  name: string,
  tensor: TorchTensor,
  archive: Archive,
): { readonly entry: TensorEntry; readonly tensor: TorchTensor } {
  const { storage, dtype, offset, shape } = tensor;
  const { byteOffset, byteLength } = archive.bytesOf(storage, name);
  const size = elementBytes.get(dtype) ?? 0;
  const span = spanOf(tensor);
  if (!((offset + span) * size <= byteLength)) {
    throw archive.refusal(
      `[${shape.join(", ")}] reaches beyond its storage of ${byteLength} bytes`,
      name,
    );
  }
  if (span > 0 && !isInjective(tensor)) {
    throw archive.refusal("several of its elements have the same position in its storage", name);
  }
  const entry = {
    name,
    dtype,
    shape: isDense(tensor) ? shape : [span],
    byteOffset: byteOffset + offset * size,
    byteLength: span * size,
  };
  return { entry, tensor };
}

function refuseOtherFormats(source: ByteSource): void {
  const { path, byteLength } = source;
  const start = bytesAt(source, 0, Math.min(byteLength, 4));
  if (start[0] === 0x50 && start[1] === 0x4b) return;
  const isPickle = start[0] === 0x80;
  throw new ModelFileError(
    isPickle
      ? "is in the format of PyTorch before 1.6 (or another pickle), which ripvec cannot read. Load it with a current PyTorch and save it again: model.save_pretrained(dir)"
      : "is not a file of torch.save",
    { path },
  );
}

function text(source: ByteSource, { byteOffset, byteLength }: ZipEntry): string {
  const bytes = bytesAt(source, byteOffset, Math.min(byteLength, 64));
  return new TextDecoder().decode(bytes);
}
