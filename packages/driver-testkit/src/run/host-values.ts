import type { DType, HostArrays, Ops, Tensor } from "@ripvec/core/driver";
import { bf16ToNumber, f16ToNumber } from "../numbers/half.js";

/** Brings values into a pass in any dtype, in which they must be exact. */
export function bring(
  ops: Ops,
  dtype: DType,
  shape: readonly number[],
  values: ArrayLike<number>,
): Tensor {
  if (dtype === "i32") return ops.input(Int32Array.from(values), shape);
  if (dtype === "f32") return ops.input(new Float32Array(values), shape);
  const x =
    dtype === "i8"
      ? ops.input(Int32Array.from(values), shape)
      : ops.input(Float32Array.from(values), shape);
  const out = ops.alloc(dtype, shape);
  ops.convert({ x, out });
  return out;
}

/** The numbers of a read-back. */
export function valuesOf(dtype: DType, host: HostArrays[DType]): Float64Array {
  switch (dtype) {
    case "f16":
      return Float64Array.from(host as Uint16Array, f16ToNumber);
    case "bf16":
      return Float64Array.from(host as Uint16Array, bf16ToNumber);
    case "i64":
      return Float64Array.from(host as BigInt64Array, Number);
    default:
      return new Float64Array(host as Float32Array);
  }
}
