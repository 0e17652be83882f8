/** Element types of tensors and of checkpoint files. Sums over f16 and bf16 are computed in f32. */
export type DType = "f32" | "f16" | "bf16" | "i8" | "i32" | "i64";

/**
 * Dtypes in which a matrix or table of weights can be kept. `f16` and `bf16` hold each weight rounded to nearest even,
 * and arithmetic is f32. `i8` holds each row in 8 bits with a scale of its own, as `quantizeRows` says, and an element
 * is read as its value times that scale. A product x · wᵀ with an i8 matrix w [N, K] may also quantise each row of x to
 * 8 bits, over the range of its values and 0, and then adds integers exactly. A row of the result depends only on the
 * same row of x; it is not finite if that row has NaN or infinity.
 */
export type WeightDType = Extract<DType, "f32" | "f16" | "bf16" | "i8">;

/**
 * Dtypes of activations. Sums, norms, softmax and masks are computed in f32 in either case. With f16 an op stores NaN for a
 * finite result that f16 cannot hold (65,520 and more in magnitude): an infinity may disappear in a later op, and NaN
 * does not. `convert` stores infinity.
 */
export type ActivationDType = Extract<DType, "f32" | "f16">;

/** The float dtypes. A checkpoint may hold weights of any role in them. */
export const floatDTypes: readonly DType[] = ["f32", "f16", "bf16"];

const sizes: Record<DType, number> = { f32: 4, f16: 2, bf16: 2, i8: 1, i32: 4, i64: 8 };

/** Bytes of one element. */
export function dtypeByteLength(dtype: DType): number {
  return sizes[dtype];
}

/** The typed array that holds a dtype on the host. f16 and bf16 are held as 16-bit patterns. */
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

/** The host array of `dtype` over `buffer`, which is not copied. */
export function hostArray<D extends DType>(dtype: D, buffer: ArrayBuffer): HostArrays[D] {
  return new hostArrays[dtype](buffer) as HostArrays[D];
}

/** Number of elements: the product of the dimensions, which is 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
