import { type DType, dtypeByteLength, type HostArrays, sizeOf } from "./dtype.js";
import { ArgumentError, ModelFileError } from "./errors.js";

/**
 * What a local file was when it was opened. Another file has another identity, and so has the same file once it
 * was written to, cut or touched.
 */
export interface FileIdentity {
  /** Of the file system. */
  readonly device: bigint;
  /** Of the file in it. */
  readonly inode: bigint;
  readonly byteLength: number;
  /** When it was last written to, in nanoseconds since 1970. */
  readonly modifiedNs: bigint;
}

/** Some bytes of a local file. */
export interface FileRange {
  readonly path: string;
  readonly byteOffset: number;
  readonly byteLength: number;
  /**
   * What the file was when the model was opened. Whoever reads it has to refuse a file that is another one by
   * then. Absent: whoever opens it first decides.
   */
  readonly identity?: FileIdentity | undefined;
}

/** One tensor of a checkpoint: where it is and what it holds, little-endian, dense, row-major. */
export interface WeightView {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /**
   * Of an i8 tensor [rows, cols] whose rows have scales: floats [rows] or [rows, 1], finite and at least 0. Element
   * [r, c] is then value [r, c] · scale [r].
   */
  readonly scales?: WeightView | undefined;
  /** The raw bytes, read now, at any address. May be a view that must not be written. */
  bytes(): Uint8Array;
  /** Present when the bytes lie in a local file, so that a driver can read them itself. */
  readonly file?: Omit<FileRange, "byteLength"> | undefined;
  /** Instead of `file` when they lie in several pieces: `byteLength` bytes in all, one piece behind the other. */
  readonly parts?: readonly FileRange[] | undefined;
}

/** The local files that a view's bytes lie in, one range behind the other; undefined when they don't. */
export function fileRanges({
  file,
  parts,
  byteLength,
}: WeightView): readonly FileRange[] | undefined {
  return file ? [{ ...file, byteLength }] : parts;
}

/** The named tensors of a model. */
export interface WeightSource {
  /** Where they come from, for messages. */
  readonly path: string;
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Throws ModelFileError that names the tensor when it is absent. */
  get(name: string): WeightView;
  /** SHA-256 over all weight bytes in hex, computed once when first asked for. */
  hash(): Promise<string>;
  /**
   * Whether the bytes lie in memory for as long as this object is reachable. A backend asks such a source for its
   * hash as soon as it is made, so as not to hold it.
   */
  readonly inMemory?: boolean | undefined;
}

/** The tensor beside an i8 tensor that holds the scales of its rows. */
export function scaleName(tensor: string): string {
  return `${tensor}_scale`;
}

/** ModelFileError that names the tensor, and its file where it lies in one or `path` says so. */
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

/** Throws ModelFileError unless the tensor has exactly this shape. */
export function expectShape(view: WeightView, shape: readonly number[]): WeightView {
  if (view.shape.length !== shape.length || shape.some((dim, i) => dim !== view.shape[i])) {
    throw tensorError(view, `expected shape [${shape.join(", ")}], got [${view.shape.join(", ")}]`);
  }
  return view;
}

/** Rows from … of a matrix, as a view: nothing is read or copied. */
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

/** Stacks tensors along their first dimension: nothing is read or copied before `bytes`. The parts must agree in dtype and in all other dimensions. */
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

/** Scales [rows] or [rows, 1] as [rows, 1]. */
function asColumn(scales: WeightView): WeightView {
  return scales.shape.length === 1 ? { ...scales, shape: [...scales.shape, 1] } : scales;
}

/** A tensor that already lies in memory. The data is kept, not copied. */
export function weightView(name: string, shape: readonly number[], data: Float32Array): WeightView {
  return viewOf(name, "f32", shape, data);
}

/** As `weightView`, of values in any dtype's host array. */
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
