import type { DType, OpArgs, OpName, SequenceLayout, Tensor } from "@ripvec/core/driver";
import type { Random } from "../numbers/random.js";

/** A tensor argument of a case. An output has no values. */
export interface CaseTensor {
  readonly shape: readonly number[];
  readonly values?: Float32Array | Int32Array;
  /** The dtype, where the op takes any. Elsewhere the op's rule and the dtype of the activations decide. */
  readonly dtype?: DType;
}

type CaseArg<T> = T extends Tensor ? CaseTensor : T extends SequenceLayout ? readonly number[] : T;

/** Arguments of an op with values in place of tensors and sequence lengths in place of layouts. */
export type CaseArgs<K extends OpName> = { [P in keyof OpArgs[K]]: CaseArg<OpArgs[K][P]> };

/**
 * |got − want| ≤ abs + rel · magnitude, where the reference gives the magnitude (at least |want|). With f16 activations,
 * `halfRoundings` · 2⁻¹¹ · magnitude is added.
 */
export interface Tolerance {
  readonly rel: number;
  readonly abs?: number;
  /** The number of f16 roundings on the longest path from input to output. Default 1: the final store. */
  readonly halfRoundings?: number;
  readonly reason: string;
}

export interface OpCase<K extends OpName> {
  readonly name: string;
  /** Draws the arguments. The same random numbers give the same arguments. */
  args(random: Random): CaseArgs<K>;
  /** Replaces the tolerance of the table where that does not fit. */
  readonly tolerance?: Tolerance;
  /** Whether values or results exceed the range of f16. */
  readonly f32Only?: boolean;
}

export interface CaseTable<K extends OpName> {
  readonly tolerance: Tolerance;
  readonly cases: readonly OpCase<K>[];
}
