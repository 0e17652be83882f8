import {
  DeviceError,
  dtypeByteLength,
  narrowWeight,
  sizeOf,
  type TensorRole,
  type WeightDType,
  type WeightView,
} from "@ripvec/core";
import { storageUsage } from "./buffers.js";
import type { Engine } from "./engine.js";
import type { Weight, WeightFormat, WeightPart } from "./storage.js";

const formatBytes: Readonly<Record<WeightFormat, number>> = { f32: 4, f16: 2, bf16: 2 };
/** Bytes that are handed to the device at once. */
const chunkBytes = 4 << 20;

/**
 * Makes the buffers of a weight and writes it. Throws DeviceError when a row, or a vector, is larger than a
 * binding may be, and ModelFileError for a value that `dtype` cannot hold, before anything is made.
 */
export function createWeight(
  engine: Engine,
  view: WeightView,
  role: TensorRole,
  dtype: WeightDType,
): Weight {
  const format = formatOf(role, dtype);
  const { rows, cols } = planRows(engine, view, role, format);
  const bytes = narrowWeight(view, format).bytes();
  const { device } = engine.open;
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const parts: WeightPart[] = [];
  const total = role === "vector" ? 1 : (view.shape[0] ?? 0);
  let popped: Promise<GPUError | null>[] = [];
  try {
    for (let firstRow = 0; firstRow === 0 || firstRow < total; firstRow += rows) {
      const count = Math.min(rows, total - firstRow);
      parts.push(upload(engine, bytes, format, { firstRow, rows: count }, cols));
    }
  } finally {
    popped = [device.popErrorScope(), device.popErrorScope()];
  }
  return { kind: "weight", format, parts, failure: failureOf(engine, view, parts, popped) };
}

/** Core asks for what `weightDtypes` lists, and for f32 in other roles than matrix. */
const formatOf = (role: TensorRole, dtype: WeightDType): WeightFormat =>
  role === "matrix" ? (dtype as WeightFormat) : "f32";

interface Rows {
  /** In one buffer. */
  readonly rows: number;
  readonly cols: number;
}

function planRows(
  { maxBindingBytes }: Engine,
  { name, shape }: WeightView,
  role: TensorRole,
  format: WeightFormat,
): Rows {
  const cols = role === "vector" ? sizeOf(shape) : (shape[1] ?? 0);
  const rowBytes = cols * formatBytes[format];
  if (rowBytes > maxBindingBytes) {
    const what = role === "vector" ? "the vector" : "a row of";
    throw new DeviceError(
      "webgpu",
      `${what} ${name} needs ${rowBytes} bytes; a binding of this device holds ${maxBindingBytes}`,
    );
  }
  /** A multiple of 4, so that every part starts at a whole group of elements. */
  const fitting = rowBytes === 0 ? Infinity : Math.floor(maxBindingBytes / rowBytes);
  return { rows: fitting >= 8 ? Math.floor(fitting / 4) * 4 : fitting, cols };
}

function upload(
  { buffers, open }: Engine,
  all: Uint8Array,
  format: WeightFormat,
  { firstRow, rows }: { firstRow: number; rows: number },
  cols: number,
): WeightPart {
  const rowBytes = cols * formatBytes[format];
  const bytes = all.subarray(firstRow * rowBytes, (firstRow + rows) * rowBytes);
  const room = Math.max(256, Math.ceil(bytes.byteLength / 16) * 16);
  const buffer = buffers.create(room, storageUsage);
  const { queue } = open.device;
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
    queue.writeBuffer(buffer.gpu, at, padded(bytes.subarray(at, at + chunkBytes)));
  }
  return { buffer, firstRow, rows };
}

/** Writes are made of whole words. */
function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength % 4 === 0) return bytes as Uint8Array<ArrayBuffer>;
  const longer = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
  longer.set(bytes);
  return longer;
}

/** What the device had against the weight. Then none of its parts stays; passes that need it are rejected before they run. */
async function failureOf(
  { buffers }: Engine,
  view: WeightView,
  parts: readonly WeightPart[],
  popped: readonly Promise<GPUError | null>[],
): Promise<DeviceError | undefined> {
  // None is told by a lost device, of which every pass knows.
  const errors = await Promise.all(popped).catch(() => []);
  const error = errors.find((each) => each !== null);
  if (!error) return undefined;
  for (const { buffer } of parts) buffers.destroy(buffer);
  const size = (dtypeByteLength(view.dtype) * sizeOf(view.shape)) / 2 ** 20;
  return new DeviceError(
    "webgpu",
    `the device cannot hold ${view.name} (${size.toFixed(1)} MiB): ${error.message}`,
    { cause: error },
  );
}
