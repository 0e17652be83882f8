import { ArgumentError, ModelFileError, type WeightDType } from "@ripvec/core";
import type { WeightSource } from "@ripvec/core/arch";
import {
  type DType,
  hostArray,
  scaleName,
  sizeOf,
  type WeightView,
  weightView,
} from "@ripvec/core/driver";
import { numberToBf16, numberToF16 } from "../numbers/half.js";
import { type EightBitRows, eightBitRows } from "../numbers/kept-weights.js";

/** A tensor to be written: little-endian bytes, dense, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  /** The scales of an i8 tensor: f32 [rows, 1], which a file or a source holds next to it. */
  readonly scaleTensor?: NamedTensor;
}

/** Stores f32 values as `dtype`, rounded to nearest even; as i8 [rows, cols] in steps of each row. */
export function encodeTensor(
  name: string,
  shape: readonly number[],
  values: Float32Array,
  dtype: WeightDType,
): NamedTensor {
  if (values.length !== sizeOf(shape)) {
    const reason = `of ${name} must have ${sizeOf(shape)} elements, as its shape says, got ${values.length}`;
    throw new ArgumentError({ op: "encodeTensor", argument: "values", reason });
  }
  if (dtype === "f32") return { name, dtype, shape, bytes: new Uint8Array(values.buffer) };
  if (dtype === "i8")
    return eightBitTensor(name, shape, eightBitRows(weightView(name, shape, values)));
  const patterns = Uint16Array.from(values, dtype === "f16" ? numberToF16 : numberToBf16);
  return { name, dtype, shape, bytes: new Uint8Array(patterns.buffer) };
}

/** Stores values of 8 bits and their scales unchanged. */
export function eightBitTensor(
  name: string,
  shape: readonly number[],
  { values, scales }: EightBitRows,
): NamedTensor {
  const shapeOfScales = [scales.length, 1];
  const scaleTensor = encodeTensor(scaleName(name), shapeOfScales, new Float32Array(scales), "f32");
  return { name, dtype: "i8", shape, bytes: new Uint8Array(values.buffer), scaleTensor };
}

/** The tensor as a source gives it. */
export function viewOfTensor({ name, dtype, shape, bytes, scaleTensor }: NamedTensor): WeightView {
  const view = { name, dtype, shape, byteLength: bytes.byteLength, bytes: () => bytes };
  return scaleTensor ? { ...view, scales: viewOfTensor(scaleTensor) } : view;
}

/** A whole safetensors file; the header is filled up to a multiple of 8 bytes. */
export function safetensorsFile(tensors: readonly NamedTensor[]): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let end = 0;
  const all = withScales(tensors);
  for (const { name, dtype, shape, bytes } of all) {
    const start = end;
    end += bytes.byteLength;
    header[name] = { dtype: dtype.toUpperCase(), shape, data_offsets: [start, end] };
  }
  return rawSafetensors(
    JSON.stringify(header),
    all.map(({ bytes }) => bytes),
  );
}

function withScales(tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.flatMap((tensor) =>
    tensor.scaleTensor ? [tensor, tensor.scaleTensor] : [tensor],
  );
}

/**
 * A file with any header and any body, which are not checked. It is for files that must be refused.
 */
export function rawSafetensors(header: string, body: readonly Uint8Array[]): Uint8Array {
  const text = new TextEncoder().encode(header);
  const headerLength = Math.ceil(text.byteLength / 8) * 8;
  const bodyLength = body.reduce((sum, part) => sum + part.byteLength, 0);
  const file = new Uint8Array(8 + headerLength + bodyLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(text, 8);
  let at = 8 + headerLength;
  for (const part of body) {
    file.set(part, at);
    at += part.byteLength;
  }
  return file;
}

/** The tensors as a source in memory. */
export function memoryWeights(path: string, tensors: readonly NamedTensor[]): WeightSource {
  const views = new Map(withScales(tensors).map((tensor) => [tensor.name, viewOfTensor(tensor)]));
  return {
    path,
    names: [...views.keys()],
    has: (name) => views.has(name),
    get(name) {
      const view = views.get(name);
      if (!view) throw new ModelFileError("no such tensor", { path, tensor: name });
      return view;
    },
    hash: () => sha256(safetensorsFile(tensors)),
  };
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>),
  );
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** 0, 1, 2, … as i64, like the position_ids buffer of older checkpoints. */
export function countingTensor(name: string, size: number): NamedTensor {
  const bytes = new Uint8Array(8 * size);
  hostArray("i64", bytes.buffer).forEach((_, i, all) => {
    all[i] = BigInt(i);
  });
  return { name, dtype: "i64", shape: [1, size], bytes };
}
