import { DeviceError, type WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import {
  dtypeByteLength,
  narrowWeight,
  sizeOf,
  type TensorRole,
  type WeightView,
} from "@ripvec/core/driver";
import { kernelBufferUsage } from "./buffers.js";
import type { Engine } from "./engine.js";
import type { Weight, WeightPart } from "./storage.js";

/** Bytes of one write to the device. */
const chunkBytes = 4 << 20;

/**
 * Creates the buffers of a weight and writes it. Before that, throws DeviceError for a row or a vector that is larger than
 * a binding may be, and ModelFileError for a value that `dtype` cannot hold.
 */
export function createWeight(
  engine: Engine,
  view: WeightView,
  role: TensorRole,
  dtype: WeightDType,
): Weight {
  const rows = rowsOfPart(engine, view, role, dtype);
  const kept = narrowWeight(view, dtype);
  const total = role === "vector" ? 1 : (view.shape[0] ?? 0);
  const content = {
    values: kept.bytes(),
    rowBytes: total === 0 ? 0 : kept.byteLength / total,
    scales: kept.scales && toF32(kept.scales),
  };
  const { device } = engine.open;
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const parts: WeightPart[] = [];
  let popped: Promise<GPUError | null>[] = [];
  try {
    for (let firstRow = 0; firstRow === 0 || firstRow < total; firstRow += rows) {
      const count = Math.min(rows, total - firstRow);
      parts.push(upload(engine, content, firstRow, count));
    }
  } finally {
    popped = [device.popErrorScope(), device.popErrorScope()];
  }
  return { kind: "weight", dtype, parts, failure: failureOf(engine, view.name, parts, popped) };
}

/** The number of rows that fit in one buffer. */
function rowsOfPart(
  { maxBindingBytes }: Engine,
  { name, shape }: WeightView,
  role: TensorRole,
  dtype: WeightDType,
): number {
  const cols = role === "vector" ? sizeOf(shape) : (shape[1] ?? 0);
  const rowBytes = cols * dtypeByteLength(dtype) + (dtype === "i8" ? scaleBytes : 0);
  // There are up to three bytes of padding between the values of i8 and their scales.
  const maxBytes = dtype === "i8" ? maxBindingBytes - 3 : maxBindingBytes;
  if (rowBytes > maxBytes) {
    const what = role === "vector" ? "the vector" : "a row of";
    throw new DeviceError(
      "webgpu",
      `${what} ${name} needs ${rowBytes} bytes, but a binding of this device holds at most ${maxBindingBytes}`,
    );
  }
  const fitting = rowBytes === 0 ? Infinity : Math.floor(maxBytes / rowBytes);
  // A multiple of 4, so that the elements of every part start at a multiple of 4.
  return fitting >= 8 ? Math.floor(fitting / 4) * 4 : fitting;
}

const scaleBytes = 4;

/** A weight in the dtype that it is kept in. */
interface Content {
  readonly values: Uint8Array;
  readonly rowBytes: number;
  readonly scales: Float32Array | undefined;
}

/** Writes some rows into a buffer: their values and, from the next whole word on, their scales. */
function upload(
  { buffers, open }: Engine,
  { values, rowBytes, scales }: Content,
  firstRow: number,
  rows: number,
): WeightPart {
  const end = firstRow + rows;
  const own = values.subarray(firstRow * rowBytes, end * rowBytes);
  const ownScales = scales?.subarray(firstRow, end);
  const scalesAt = Math.ceil(own.byteLength / 4) * 4;
  const byteLength = scalesAt + (ownScales?.byteLength ?? 0);
  const buffer = buffers.create(Math.max(256, Math.ceil(byteLength / 16) * 16), kernelBufferUsage);
  const { queue } = open.device;
  for (let at = 0; at < own.byteLength; at += chunkBytes) {
    queue.writeBuffer(buffer.gpu, at, padded(own.subarray(at, at + chunkBytes)));
  }
  if (!ownScales) return { buffer, firstRow, rows, scales: 0 };
  queue.writeBuffer(buffer.gpu, scalesAt, ownScales as Float32Array<ArrayBuffer>);
  return { buffer, firstRow, rows, scales: scalesAt / 4 };
}

/** Adds zeros up to a whole word: the length of a write must be a multiple of 4. */
function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength % 4 === 0) return bytes as Uint8Array<ArrayBuffer>;
  const longer = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
  longer.set(bytes);
  return longer;
}

/**
 * The error that the device reported for the weight, if any. Its buffers are then destroyed, and passes that need it
 * reject before they run.
 */
async function failureOf(
  { buffers }: Engine,
  name: string,
  parts: readonly WeightPart[],
  popped: readonly Promise<GPUError | null>[],
): Promise<DeviceError | undefined> {
  // A lost device reports no error here: every later pass rejects with the loss.
  const errors = await Promise.all(popped).catch(() => []);
  const error = errors.find((each) => each !== null);
  if (!error) return undefined;
  for (const { buffer } of parts) buffers.destroy(buffer);
  const size = parts.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) / 2 ** 20;
  return new DeviceError(
    "webgpu",
    `the device cannot hold ${name} (${size.toFixed(1)} MiB): ${error.message}`,
    { cause: error },
  );
}
