import type { DType, OpArgs, OpName, SequenceLayout, Tensor } from "@ripvec/core/driver";
import type { Random } from "../numbers/random.js";

/** A tensor argument of a case. An output has no values. */
export interface CaseTensor {
  readonly shape: readonly number[];
  readonly values?: Float32Array | Int32Array;
  /** Where the op takes any dtype; else its rule and the lane decide. */
  readonly dtype?: DType;
}

type CaseArg<T> = T extends Tensor ? CaseTensor : T extends SequenceLayout ? readonly number[] : T;

/** Arguments of an op with values in place of tensors and sequence lengths in place of layouts. */
export type CaseArgs<K extends OpName> = { [P in keyof OpArgs[K]]: CaseArg<OpArgs[K][P]> };

/**
 * |got − want| ≤ abs + rel · magnitude, where the reference says the magnitude (at least |want|).
 * With f16 activations `halfRoundings` · 2⁻¹¹ · magnitude comes on top.
 */
export interface Tolerance {
  readonly rel: number;
  readonly abs?: number;
  /** f16 roundings on the longest way from input to output. Default 1: the store. */
  readonly halfRoundings?: number;
  readonly reason: string;
}

export interface OpCase<K extends OpName> {
  readonly name: string;
  /** Draws the arguments; the same ones for the same random numbers. */
  args(random: Random): CaseArgs<K>;
  /** Where the table's does not fit. */
  readonly tolerance?: Tolerance;
  /** Values or results are outside f16. */
  readonly f32Only?: boolean;
}

export interface CaseTable<K extends OpName> {
  readonly tolerance: Tolerance;
  readonly cases: readonly OpCase<K>[];
}
