import type { DType } from "./dtype.js";
import type { SequenceLayout } from "./layout.js";
import type { Ops } from "./ops.js";
import type { Tensor } from "./tensor.js";

export type OpGroup =
  | "layout"
  | "embedding"
  | "linear"
  | "norm"
  | "attention"
  | "pointwise"
  | "pooling";

/**
 * What a tensor argument must be.
 *
 * - `activation`: one of `capabilities.dtypes`, and the same dtype for all activations of an op
 * - `output`: as `activation`, and written by the op
 * - `f32`: f32 on every driver (norm weights, biases, masks, RoPE tables)
 * - `matrix`: an activation, or a weight with role `matrix` in any of `capabilities.weightDtypes`
 * - `table`: an activation, or a weight with role `table` in any of `capabilities.weightDtypes`
 * - `ids`: i32 from `ops.input`, so that the range of its values is known; `below` names the dimension that they index
 * - `f32Output`: f32, and written by the op
 * - `any`: any dtype
 * - `anyOutput`: any dtype, and written by the op
 */
export type TensorKind =
  | "activation"
  | "output"
  | "f32"
  | "matrix"
  | "table"
  | "ids"
  | "f32Output"
  | "any"
  | "anyOutput";

/**
 * What a tensor argument must be, and its shape. `shape` has one expression for each dimension: a name, a whole number,
 * or a product of these (`"3*heads*headDim"`). A name stands for a numeric argument of the op or for a number of its
 * layout (`batch`, `totalTokens`, `maxSeqLen`); any other name gets its value from the first tensor whose shape has it.
 * `"..."` alone stands for any shape.
 */
export interface TensorRule {
  readonly kind: TensorKind;
  readonly shape: readonly string[];
  readonly optional?: boolean;
  readonly below?: string;
}

type Maker = (...shape: string[]) => TensorRule;
const maker =
  (kind: TensorKind): Maker =>
  (...shape) => ({ kind, shape });

export const activation: Maker = maker("activation");
export const output: Maker = maker("output");
export const f32: Maker = maker("f32");
export const matrix: Maker = maker("matrix");
export const table: Maker = maker("table");
export const f32Output: Maker = maker("f32Output");
export const any: Maker = maker("any");
export const anyOutput: Maker = maker("anyOutput");
export const ids = (shape: string, below: string): TensorRule => ({
  kind: "ids",
  shape: [shape],
  below,
});
export const optional = (rule: TensorRule): TensorRule => ({ ...rule, optional: true });

/**
 * A number that a kernel gets in addition to its tensors. A string is a whole number: a dimension of the op's shapes (0
 * if only an absent tensor has it), or the numeric argument of that name. The others say how an argument becomes a number.
 */
export type ScalarRule =
  | string
  /** A numeric argument that kernels take as f32. */
  | { readonly kind: "real"; readonly of: string }
  /** A boolean argument; 1 if it is true, 0 if it is false or absent. */
  | { readonly kind: "flag"; readonly of: string }
  /** A string argument: its position in `values`, from 1; 0 if the argument is absent. */
  | { readonly kind: "choice"; readonly of: string; readonly values: readonly string[] }
  /** A window argument; −1 if it is absent. */
  | { readonly kind: "window"; readonly of: string }
  /** The number of elements of a tensor, whatever its shape is. */
  | { readonly kind: "size"; readonly of: string }
  /** The dtype of a tensor: its index in `scalarDTypes`. */
  | { readonly kind: "dtype"; readonly of: string };

/** Dtypes in the order of their numbers in a kernel's scalars. Positions never change. */
export const scalarDTypes: readonly DType[] = ["f32", "f16", "bf16", "i8", "i32", "i64"];

export const real = (of: string): ScalarRule => ({ kind: "real", of });
export const flag = (of: string): ScalarRule => ({ kind: "flag", of });
export const choice = (of: string, values: readonly string[]): ScalarRule => ({
  kind: "choice",
  of,
  values,
});
export const window = (of: string): ScalarRule => ({ kind: "window", of });
export const size = (of: string): ScalarRule => ({ kind: "size", of });
export const dtype = (of: string): ScalarRule => ({ kind: "dtype", of });

/** The names of the arguments that are tensors. */
export type TensorKeys<A> = {
  [K in keyof A]-?: Exclude<A[K], undefined> extends Tensor ? K : never;
}[keyof A];

/**
 * What the `check` of a spec tests arguments with. `dim` reads a value, `fail` always throws, and each other method throws
 * unless the argument is as required.
 */
export interface ArgumentChecks {
  /** The value of a name in the shapes of the op: a dimension or a numeric argument. */
  dim(name: string): number;
  /** Throws ShapeError, for a wrong shape or number. */
  fail(argument: string, expected: unknown, actual: unknown): never;
  positive(name: string, value: number): void;
  finite(name: string, value: number): void;
  boolean(name: string, value: unknown): void;
  window(value: number | undefined): void;
  transposedWeight(name: string, tensor: Tensor, transposeB: boolean): void;
  oneOf(name: string, value: unknown, allowed: readonly unknown[]): void;
}

/** All that core knows about an op: what its arguments must be, and how it is composed of other ops. */
export interface OpSpec<A> {
  /** Its stem: the name of the method, the file and the kernel in every language. */
  readonly name: string;
  readonly group: OpGroup;
  /** The formula in one line, for docs/ops.md. */
  readonly summary: string;
  /** In binding order: inputs, weights, outputs. */
  readonly tensors: { readonly [K in TensorKeys<A>]: TensorRule };
  /**
   * In the order in which kernels in other languages take them. Before them, an op with a layout has the layout's
   * cuSeqlens as its first tensor, and its batch and maxSeqLen as its first numbers.
   */
  readonly scalars: readonly ScalarRule[];
  /** Numeric arguments, which must be positive whole numbers. */
  readonly counts?: readonly (keyof A & string)[];
  /** Inputs whose memory an output may share exactly. Any other overlap is an AliasError. */
  readonly inPlace?: readonly (keyof A & string)[];
  /** Checks that shapes, dtypes and counts do not express. */
  check?(args: A, check: ArgumentChecks): void;
  /**
   * Marks an op that has no composed default and that a driver may lack. An architecture refuses, with `expectOps`, a
   * model that needs it on such a driver.
   */
  readonly isOptional?: true;
  /** Records the op as a composition of others. Absent: every driver must have a kernel, unless the op is optional. */
  compose?(ops: Ops, args: A): void;
}

export function isOutput(rule: TensorRule): boolean {
  return rule.kind === "output" || rule.kind === "f32Output" || rule.kind === "anyOutput";
}

/** The arguments of an op whose types are not known. */
export type AnyArgs = Readonly<
  Record<string, Tensor | SequenceLayout | number | boolean | string | undefined>
>;
