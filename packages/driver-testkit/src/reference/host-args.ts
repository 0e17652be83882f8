import type { DType, OpArgs, OpName, SequenceLayout, Tensor } from "@ripvec/core/driver";

/** A tensor in f64, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** The dtype in which the driver stores it. Conversions use it. */
  readonly dtype: DType;
  /**
   * For outputs, the size that rounding errors of each element are relative to, where it is larger
   * than the result, such as Σ|a·b| for a dot product whose terms cancel. It is 0 at first; at
   * least |data| is used.
   */
  readonly magnitude: Float64Array;
}

export type HostLayout = Omit<SequenceLayout, "cuSeqlens">;

type HostArg<T> = T extends Tensor ? HostTensor : T extends SequenceLayout ? HostLayout : T;

/** Arguments of an op with every tensor on the host. */
export type HostArgs<K extends OpName> = { [P in keyof OpArgs[K]]: HostArg<OpArgs[K][P]> };

/** Computes an op in f64, from its definition, and writes the outputs of `args`. */
export type Reference<K extends OpName> = (args: HostArgs<K>) => void;

/** Without values the tensor is NaN everywhere, as an output is at first. */
export function hostTensor(
  shape: readonly number[],
  values?: ArrayLike<number>,
  dtype: DType = "f32",
): HostTensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const data = values ? new Float64Array(values) : new Float64Array(size).fill(Number.NaN);
  return { shape, data, dtype, magnitude: new Float64Array(size) };
}
