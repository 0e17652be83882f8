import type { Capabilities } from "./capabilities.js";
import type { DType } from "./dtype.js";
import { type OpArgs, opSpecs } from "./generated/op-list.js";
import type { SequenceLayout } from "./layout.js";
import type { Tensor } from "./tensor.js";

export { type OpArgs, opSpecs };

export type OpName = keyof OpArgs;

export const opNames: readonly OpName[] = Object.keys(opSpecs) as OpName[];

/** Ops that a driver may lack, in which case models that need them are refused on it. */
export const optionalOps: readonly OpName[] = opNames.filter((name) => opSpecs[name].isOptional);

/** Ops that are not optional and have no composed default: every driver must bring a kernel for each. */
export const requiredOps: readonly OpName[] = opNames.filter(
  (name) => opSpecs[name].compose === undefined && !opSpecs[name].isOptional,
);

/** Memory of a pass. Everything here is recorded, nothing waits. */
export interface PassMemory {
  readonly capabilities: Capabilities;
  /** Brings host data into the pass; the data is copied before the call returns. Only i32 and f32. */
  input(data: Float32Array, shape: readonly number[]): Tensor<"f32">;
  input(data: Int32Array, shape: readonly number[]): Tensor<"i32">;
  /** Describes a packed batch by its sequence lengths. */
  layout(seqLens: ArrayLike<number>): SequenceLayout;
  /** Uninitialised memory; NaN-poisoned in tests. Freed when the enclosing scope ends. */
  alloc<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D>;
  /** As `alloc`, all zero. */
  allocZeroed<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D>;
  /** View of consecutive elements from element `start` on. */
  slice<D extends DType>(tensor: Tensor<D>, start: number, shape: readonly number[]): Tensor<D>;
  /** View of all elements under another shape. */
  reshape<D extends DType>(tensor: Tensor<D>, shape: readonly number[]): Tensor<D>;
  /** Runs `body`, then frees what it allocated, for the ops behind it to use again. */
  scope<T>(body: () => T): T;
  /** Hint in long passes: what is recorded so far may start. */
  flush(): void;
}

/** What a forward pass records with: memory, and one method for each op. */
export type Ops = PassMemory & { readonly [K in OpName]: (args: OpArgs[K]) => void };
