import { ModelFileError } from "../errors.js";
import { isRipvecError } from "../ripvec-error.js";
import type { ByteSource } from "./byte-source.js";

/** What the header says of one tensor, checked. */
export interface TensorEntry {
  readonly name: string;
  /** As safetensors spells it: "F32". */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte in the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** The part of the standard class that is used here. The library has no types of a platform's globals. */
declare const TextDecoder: new (
  encoding: "utf-8",
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

/**
 * Some 100 bytes describe a tensor: this much is room for 160,000. The format allows 100 MB, of which a hostile header
 * makes gigabytes of objects.
 */
const maxHeaderBytes = 16 << 20;
const lengthBytes = 8;

/** Bytes of one element, for every dtype of the format that has whole bytes. */
export const elementBytes: ReadonlyMap<string, number> = new Map([
  ...["BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0"].map((name) => [name, 1] as const),
  ...["I16", "U16", "F16", "BF16"].map((name) => [name, 2] as const),
  ...["I32", "U32", "F32"].map((name) => [name, 4] as const),
  ...["I64", "U64", "F64", "C64"].map((name) => [name, 8] as const),
]);

/** Reads and checks the header; bodies are not read. Throws ModelFileError. */
export function readHeader(source: ByteSource): ReadonlyMap<string, TensorEntry> {
  const { path, byteLength } = source;
  if (byteLength < lengthBytes) {
    throw new ModelFileError(`has ${byteLength} bytes, too few for safetensors`, { path });
  }
  const headerBytes = headerLength(readExactly(source, 0, lengthBytes), path);
  const bodyStart = lengthBytes + headerBytes;
  if (bodyStart > byteLength) {
    throw new ModelFileError(
      `is truncated: its header has ${headerBytes} bytes, the file ${byteLength}`,
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

/** Reads bytes that lie inside the source. Throws ModelFileError when it cannot, or when fewer come back. */
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
      `is no safetensors file, or a broken one: header of ${length} bytes, the limit is ${maxHeaderBytes}`,
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
    throw new ModelFileError("its header is not JSON", { path, cause });
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
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : fail("is no object");
  if (typeof dtype !== "string") return fail("has no dtype");
  if (!isWholeNumbers(shape)) return fail("its shape is not a list of whole numbers");
  if (!isWholeNumbers(offsets) || offsets.length !== 2) {
    return fail("its data_offsets are not two whole numbers");
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > fileBytes - bodyStart) {
    return fail(
      `its data_offsets ${begin} … ${end} are outside the ${fileBytes - bodyStart} bytes of data`,
    );
  }
  const size = elementBytes.get(dtype);
  if (size !== undefined && byteLengthOf(shape, size) !== end - begin) {
    return fail(`${dtype} [${shape.join(", ")}] does not fill its ${end - begin} bytes`);
  }
  return { name, dtype, shape, byteOffset: bodyStart + begin, byteLength: end - begin };
}

/** NaN when a product leaves the exact whole numbers. */
function byteLengthOf(shape: readonly number[], elementByteLength: number): number {
  return shape.reduce((bytes, dim) => {
    const product = bytes * dim;
    return Number.isSafeInteger(product) ? product : Number.NaN;
  }, elementByteLength);
}

/**
 * The format wants its data covered without overlap or hole. This also refuses a header that names a
 * tensor twice with different places, of which JSON.parse keeps the last.
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
