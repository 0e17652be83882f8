import { type DType, dtypeByteLength, type HostArrays, sizeOf } from "./dtype.js";
import { ArgumentError, ModelFileError } from "./errors.js";

/**
 * Identifies a local file and its contents at the time it was opened. The identity changes when the file is replaced,
 * written to, truncated or touched.
 */
export interface FileIdentity {
  /** Number of the file system. */
  readonly device: bigint;
  /** Number of the file in the file system. */
  readonly inode: bigint;
  readonly byteLength: number;
  /** Time of the last change, in nanoseconds since 1970. */
  readonly modifiedNs: bigint;
}

/** A range of bytes of a local file. */
export interface FileRange {
  readonly path: string;
  readonly byteOffset: number;
  readonly byteLength: number;
  /**
   * Identity of the file when the model was opened. A reader must refuse the file if its identity differs. Absent: the
   * first reader determines it.
   */
  readonly identity?: FileIdentity | undefined;
}

/** One tensor of a checkpoint, little-endian, contiguous and in row-major order. Its bytes are read on request. */
export interface WeightView {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /**
   * The scales of an i8 tensor [rows, cols]: floats [rows] or [rows, 1], finite and at least 0. Element [r, c] is then
   * value [r, c] · scale [r].
   */
  readonly scales?: WeightView | undefined;
  /** Reads the raw bytes. They may start at any address, and may be a view that must not be written. */
  bytes(): Uint8Array;
  /** Present if the bytes are in one local file, which a driver may read itself. */
  readonly file?: Omit<FileRange, "byteLength"> | undefined;
  /** Present, instead of `file`, if they are the concatenation of several ranges: `byteLength` bytes together. */
  readonly parts?: readonly FileRange[] | undefined;
}

/** The ranges of local files whose concatenation are the bytes of a view; undefined if they are not in local files. */
export function fileRanges({
  file,
  parts,
  byteLength,
}: WeightView): readonly FileRange[] | undefined {
  return file ? [{ ...file, byteLength }] : parts;
}

/** The named tensors of a model. */
export interface WeightSource {
  /** Path or URL of the weights, for messages. */
  readonly path: string;
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Throws ModelFileError that names the tensor if it is absent. */
  get(name: string): WeightView;
  /** SHA-256 of all bytes of the weights in hex, computed at the first call. */
  hash(): Promise<string>;
  /**
   * Whether the bytes are in memory as long as this object is reachable. A backend computes the hash of such a source
   * when it is created, so that it need not keep the source.
   */
  readonly inMemory?: boolean | undefined;
}

/** Name of the tensor that holds the scales of the rows of an i8 tensor. */
export function scaleName(tensor: string): string {
  return `${tensor}_scale`;
}

/** A ModelFileError that names the tensor, and its file: `path`, else the file of the view. */
export function tensorError(
  view: WeightView,
  message: string,
  path: string | undefined = fileRanges(view)?.[0]?.path,
): ModelFileError {
  return new ModelFileError(message, {
    tensor: view.name,
    ...(path !== undefined && { path }),
  });
}

/** Returns the view. Throws ModelFileError unless it has exactly this shape. */
export function expectShape(view: WeightView, shape: readonly number[]): WeightView {
  if (view.shape.length !== shape.length || shape.some((dim, i) => dim !== view.shape[i])) {
    throw tensorError(view, `expected shape [${shape.join(", ")}], got [${view.shape.join(", ")}]`);
  }
  return view;
}

/** A view of the rows from row `from` to the last. Nothing is read or copied. Throws ArgumentError if `from` is no row. */
export function sliceRows(view: WeightView, from: number): WeightView {
  const [rows = 0, ...rest] = view.shape;
  const skip = from * sizeOf(rest) * dtypeByteLength(view.dtype);
  if (!Number.isSafeInteger(from) || from < 0 || from > rows) {
    const reason = `must be a whole number in 0 … ${rows}, the rows of ${view.name}, got ${from}`;
    throw new ArgumentError({ op: "sliceRows", argument: "from", reason });
  }
  return {
    name: view.name,
    dtype: view.dtype,
    shape: [rows - from, ...rest],
    byteLength: view.byteLength - skip,
    scales: view.scales && sliceRows(view.scales, from),
    bytes: () => view.bytes().subarray(skip),
    file: view.file && { ...view.file, byteOffset: view.file.byteOffset + skip },
    parts: view.parts && withoutHead(view.parts, skip),
  };
}

function withoutHead(ranges: readonly FileRange[], bytes: number): readonly FileRange[] {
  let skip = bytes;
  return ranges.flatMap((range) => {
    const { byteOffset, byteLength } = range;
    const skipped = Math.min(skip, byteLength);
    skip -= skipped;
    if (skipped === byteLength) return [];
    return [{ ...range, byteOffset: byteOffset + skipped, byteLength: byteLength - skipped }];
  });
}

/**
 * A view of tensors stacked along their first dimension. Nothing is read or copied before `bytes` is called. Throws
 * ModelFileError unless the tensors have one dtype and equal other dimensions, and ArgumentError if there are none.
 */
export function concatRows(name: string, views: readonly WeightView[]): WeightView {
  const [first] = views;
  if (!first) {
    const reason = "must hold at least one tensor, got none";
    throw new ArgumentError({ op: "concatRows", argument: "views", reason });
  }
  const rest = first.shape.slice(1);
  for (const view of views) {
    if (view.dtype !== first.dtype) {
      throw tensorError(
        view,
        `expected dtype ${first.dtype} as in ${first.name}, got ${view.dtype}`,
      );
    }
    expectShape(view, [view.shape[0] ?? 0, ...rest]);
  }
  const byteLength = views.reduce((sum, view) => sum + view.byteLength, 0);
  const files = views.map(fileRanges);
  const parts = files.every((ranges) => ranges !== undefined) ? files.flat() : undefined;
  const scales = views.flatMap((view) => (view.scales ? [view.scales] : []));
  return {
    name,
    dtype: first.dtype,
    shape: [views.reduce((sum, view) => sum + (view.shape[0] ?? 0), 0), ...rest],
    byteLength,
    scales:
      scales.length === views.length
        ? concatRows(scaleName(name), scales.map(asColumn))
        : undefined,
    bytes() {
      const all = new Uint8Array(byteLength);
      let at = 0;
      for (const view of views) {
        all.set(view.bytes(), at);
        at += view.byteLength;
      }
      return all;
    },
    parts,
  };
}

/** Scales of shape [rows] or [rows, 1] with shape [rows, 1]. */
function asColumn(scales: WeightView): WeightView {
  return scales.shape.length === 1 ? { ...scales, shape: [...scales.shape, 1] } : scales;
}

/** A view of f32 values in memory. They are not copied. */
export function weightView(name: string, shape: readonly number[], data: Float32Array): WeightView {
  return viewOf(name, "f32", shape, data);
}

/** As `weightView`, for any dtype. */
export function viewOf<D extends DType>(
  name: string,
  dtype: D,
  shape: readonly number[],
  data: HostArrays[D],
): WeightView {
  const { buffer, byteOffset, byteLength } = data;
  return {
    name,
    dtype,
    shape,
    byteLength,
    bytes: () => new Uint8Array(buffer, byteOffset, byteLength),
  };
}
