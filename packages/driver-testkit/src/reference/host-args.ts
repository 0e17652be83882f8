import type { DType, OpArgs, OpName, SequenceLayout, Tensor } from "@ripvec/core/driver";

/** A tensor in f64, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** How the driver stores it; conversions ask. */
  readonly dtype: DType;
  /**
   * On outputs: the size that rounding errors of each element are relative to, where that is more
   * than the result: Σ|a·b| for a dot product whose terms cancel. Preset to 0; |data| is the least.
   */
  readonly magnitude: Float64Array;
}

export type HostLayout = Omit<SequenceLayout, "cuSeqlens">;

type HostArg<T> = T extends Tensor ? HostTensor : T extends SequenceLayout ? HostLayout : T;

/** Arguments of an op with every tensor on the host. */
export type HostArgs<K extends OpName> = { [P in keyof OpArgs[K]]: HostArg<OpArgs[K][P]> };

/** What an op means, in f64: writes the outputs of `args`. */
export type Reference<K extends OpName> = (args: HostArgs<K>) => void;

/** Without values: NaN everywhere, for an output. */
export function hostTensor(
  shape: readonly number[],
  values?: ArrayLike<number>,
  dtype: DType = "f32",
): HostTensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const data = values ? Float64Array.from(values) : new Float64Array(size).fill(Number.NaN);
  return { shape, data, dtype, magnitude: new Float64Array(size) };
}
