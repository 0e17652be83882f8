import { ModelFileError } from "../errors.js";
import { isRipvecError } from "../ripvec-error.js";
import type { ByteSource } from "./byte-source.js";

/** The entry of one tensor in the header, checked. */
export interface TensorEntry {
  readonly name: string;
  /** As safetensors spells it: "F32". */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte in the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** The part of the standard class that is used here. Core compiles without the types of a platform. */
declare const TextDecoder: new (
  encoding: "utf-8",
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

/**
 * Limit of a header. An entry has about 100 bytes, so this is enough for 160,000 tensors. The format allows 100 MB, from
 * which a hostile header makes gigabytes of objects.
 */
const maxHeaderBytes = 16 << 20;
const lengthBytes = 8;

/** Bytes of one element, for every dtype of the format whose elements have whole bytes. */
export const elementBytes: ReadonlyMap<string, number> = new Map([
  ...["BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0"].map((name) => [name, 1] as const),
  ...["I16", "U16", "F16", "BF16"].map((name) => [name, 2] as const),
  ...["I32", "U32", "F32"].map((name) => [name, 4] as const),
  ...["I64", "U64", "F64", "C64"].map((name) => [name, 8] as const),
]);

/** Reads and checks the header. The data of tensors is not read. Throws ModelFileError. */
export function readHeader(source: ByteSource): ReadonlyMap<string, TensorEntry> {
  const { path, byteLength } = source;
  if (byteLength < lengthBytes) {
    throw new ModelFileError(
      `must have at least ${lengthBytes} bytes to be a safetensors file, got ${byteLength}`,
      { path },
    );
  }
  const headerBytes = headerLength(readExactly(source, 0, lengthBytes), path);
  const bodyStart = lengthBytes + headerBytes;
  if (bodyStart > byteLength) {
    throw new ModelFileError(
      `is truncated: its header needs ${bodyStart} bytes, the file has ${byteLength}; download it again`,
      { path },
    );
  }
  const json = parseJson(readExactly(source, lengthBytes, headerBytes), path);
  const entries = Object.entries(json)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => checkEntry(name, value, { path, bodyStart, fileBytes: byteLength }));
  checkCoverage(entries, { path, bodyStart, fileBytes: byteLength });
  return new Map(entries.map((entry) => [entry.name, entry]));
}

/** Reads bytes inside the source. Throws ModelFileError if it cannot read them, or reads fewer. */
export function readExactly(source: ByteSource, from: number, byteLength: number): Uint8Array {
  const bytes = readBytes(source, from, byteLength);
  if (bytes.byteLength !== byteLength) {
    throw new ModelFileError(
      `read ${bytes.byteLength} of ${byteLength} bytes at ${from}: the file changed or is truncated`,
      { path: source.path },
    );
  }
  return bytes;
}

function readBytes(source: ByteSource, from: number, byteLength: number): Uint8Array {
  try {
    return source.read(from, byteLength);
  } catch (cause) {
    if (isRipvecError(cause)) throw cause;
    const message = `cannot be read (${byteLength} bytes at ${from})`;
    throw new ModelFileError(message, { path: source.path, cause });
  }
}

function headerLength(bytes: Uint8Array, path: string): number {
  const length = bytes.reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0);
  if (length > maxHeaderBytes) {
    throw new ModelFileError(
      `is not a safetensors file, or is corrupt: its header must have at most ${maxHeaderBytes} bytes, got ${length}`,
      { path },
    );
  }
  return length;
}

function parseJson(bytes: Uint8Array, path: string): object {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new ModelFileError("its header is not JSON in UTF-8", { path, cause });
  }
  if (!isObject(json)) throw new ModelFileError("its header is not a JSON object", { path });
  return json;
}

interface Bounds {
  readonly path: string;
  readonly bodyStart: number;
  readonly fileBytes: number;
}

function checkEntry(name: string, value: unknown, { path, bodyStart, fileBytes }: Bounds) {
  const fail = (message: string): never => {
    throw new ModelFileError(message, { path, tensor: name });
  };
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = isObject(value) ? value : fail("its entry in the header must be an object");
  if (typeof dtype !== "string") return fail("its dtype must be a string");
  if (!isWholeNumbers(shape)) return fail("its shape must be a list of whole numbers");
  if (!isWholeNumbers(offsets) || offsets.length !== 2) {
    return fail("its data_offsets must be two whole numbers");
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > fileBytes - bodyStart) {
    return fail(
      `its data_offsets must be in 0 … ${fileBytes - bodyStart}, the data of the file, got ${begin} … ${end}`,
    );
  }
  const size = elementBytes.get(dtype);
  if (size !== undefined && byteLengthOf(shape, size) !== end - begin) {
    return fail(`${dtype} [${shape.join(", ")}] does not fill its ${end - begin} bytes`);
  }
  return { name, dtype, shape, byteOffset: bodyStart + begin, byteLength: end - begin };
}

/** NaN if a product exceeds the exact whole numbers. */
function byteLengthOf(shape: readonly number[], elementByteLength: number): number {
  return shape.reduce((bytes, dim) => {
    const product = bytes * dim;
    return Number.isSafeInteger(product) ? product : Number.NaN;
  }, elementByteLength);
}

/**
 * The format requires that tensors cover the data without overlaps and gaps. This check also refuses a header that names
 * a tensor twice with different offsets, since JSON.parse keeps only the last.
 */
function checkCoverage(entries: readonly TensorEntry[], bounds: Bounds): void {
  const { path, bodyStart, fileBytes } = bounds;
  const inFileOrder = entries.toSorted(
    (a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength,
  );
  let covered = bodyStart;
  for (const { name, byteOffset, byteLength } of inFileOrder) {
    if (byteOffset < covered) {
      throw new ModelFileError("its data overlaps another tensor's", { path, tensor: name });
    }
    if (byteOffset > covered) {
      throw new ModelFileError(`${byteOffset - covered} bytes before it belong to no tensor`, {
        path,
        tensor: name,
      });
    }
    covered = byteOffset + byteLength;
  }
  if (covered !== fileBytes) {
    throw new ModelFileError(`its last ${fileBytes - covered} bytes belong to no tensor`, { path });
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWholeNumbers(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0)
  );
}
