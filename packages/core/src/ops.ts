import type { Capabilities } from "./capabilities.js";
import type { DType } from "./dtype.js";
import { type OpArgs, opSpecs } from "./generated/op-list.js";
import type { SequenceLayout } from "./layout.js";
import type { Tensor } from "./tensor.js";

export { type OpArgs, opSpecs };

export type OpName = keyof OpArgs;

export const opNames: readonly OpName[] = Object.keys(opSpecs) as OpName[];

/** Ops that a driver may lack. A model that needs one is refused on such a driver. */
export const optionalOps: readonly OpName[] = opNames.filter((name) => opSpecs[name].isOptional);

/** Ops for which every driver must have a kernel: they are not optional and have no composed default. */
export const requiredOps: readonly OpName[] = opNames.filter(
  (name) => opSpecs[name].compose === undefined && !opSpecs[name].isOptional,
);

/** Memory of a pass. Calls are recorded, and none of them waits for the device. */
export interface PassMemory {
  readonly capabilities: Capabilities;
  /** Copies data of the host, i32 or f32, into the pass before it returns. */
  input(data: Float32Array, shape: readonly number[]): Tensor<"f32">;
  input(data: Int32Array, shape: readonly number[]): Tensor<"i32">;
  /** The layout of a packed batch with these sequence lengths. */
  layout(seqLens: ArrayLike<number>): SequenceLayout;
  /** Uninitialised memory, freed at the end of the enclosing scope. */
  alloc<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D>;
  /** As `alloc`, filled with zeros. */
  allocZeroed<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D>;
  /** A view of consecutive elements, starting with element `start`. */
  slice<D extends DType>(tensor: Tensor<D>, start: number, shape: readonly number[]): Tensor<D>;
  /** A view of all elements with another shape. */
  reshape<D extends DType>(tensor: Tensor<D>, shape: readonly number[]): Tensor<D>;
  /** Runs `body`, then frees the memory that it allocated, which later ops may reuse. */
  scope<T>(body: () => T): T;
  /** A hint in a long pass that the ops recorded so far may start. */
  flush(): void;
}

/**
 * What a forward pass is recorded with: memory, and one function for each op. All of them work without the object too:
 * `const { linear, scope } = ops`.
 */
export type Ops = PassMemory & { readonly [K in OpName]: (args: OpArgs[K]) => void };
