/** Element types of tensors and of checkpoint files. f16 and bf16 are storage types: arithmetic accumulates in f32. */
export type DType = "f32" | "f16" | "bf16" | "i8" | "i32" | "i64";

/**
 * What a matrix or table of weights can be kept in. `f16` and `bf16` hold each weight rounded to nearest even,
 * and arithmetic is f32. `i8` holds each row in 8 bits with a scale of its own, as `quantizeRows` says. A row of
 * such a table is read as values times scale. A product with such a matrix [N, K] gives f32. It may also quantise
 * each row of its left operand to 8 bits, over the range of its values and 0, and then sums exact integers. A row
 * of the result depends on its own row alone; NaN or infinity in that row make it not finite.
 */
export type WeightDType = Extract<DType, "f32" | "f16" | "bf16" | "i8">;

/**
 * What activations can be kept in. Arithmetic, sums, the vectors of norms, softmax and masks are f32 either way. With f16
 * an op stores NaN for a finite result that f16 cannot hold (65,520 and more in magnitude): an infinity may disappear in
 * a later op, and NaN does not. `convert` stores infinity.
 */
export type ActivationDType = Extract<DType, "f32" | "f16">;

/** The dtypes of floats, which weights may be stored in whatever their role is. */
export const floatDTypes: readonly DType[] = ["f32", "f16", "bf16"];

const sizes: Record<DType, number> = { f32: 4, f16: 2, bf16: 2, i8: 1, i32: 4, i64: 8 };

/** Bytes of one element. */
export function dtypeByteLength(dtype: DType): number {
  return sizes[dtype];
}

/** The typed array that holds a dtype on the host. f16 and bf16 travel as raw 16-bit patterns. */
export interface HostArrays {
  f32: Float32Array;
  f16: Uint16Array;
  bf16: Uint16Array;
  i8: Int8Array;
  i32: Int32Array;
  i64: BigInt64Array;
}

const hostArrays = {
  f32: Float32Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  i8: Int8Array,
  i32: Int32Array,
  i64: BigInt64Array,
} as const;

/** Views `buffer` (not copied) as the host array of `dtype`. */
export function hostArray<D extends DType>(dtype: D, buffer: ArrayBuffer): HostArrays[D] {
  return new hostArrays[dtype](buffer) as HostArrays[D];
}

/** Product of the dimensions; 1 for a scalar shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
