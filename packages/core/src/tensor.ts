import { type DType, dtypeByteLength, sizeOf } from "./dtype.js";

/**
 * Memory of a driver with a dtype and a shape. Its elements are contiguous, in row-major order. A tensor of a pass lives
 * until the end of its scope. A weight lives until it is released, or until its driver and all clones are closed. `S` is
 * the driver's own type for memory, which only its kernels see.
 */
export interface Tensor<D extends DType = DType, S = unknown> {
  readonly dtype: D;
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
  /** The memory itself. */
  readonly storage: S;
}

/**
 * What a weight is used for. A driver may arrange it in memory accordingly. `matrix` [N, K] is the right operand of a
 * product with `transposeB: true`. `table` [rows, cols] is read by row ids. The dtype of these two is that in which the
 * driver keeps them. `vector` is f32 and contiguous, of any shape: biases, norm weights, RoPE tables.
 */
export type TensorRole = "matrix" | "table" | "vector";

/** The owner of a tensor: a pass, or the weights that a driver shares with its clones. */
export interface TensorOwner {
  readonly kind: "pass" | "weights";
  alive: boolean;
}

/** What core knows of a tensor: its owner, the memory that it covers, and the range of its values. */
export class TensorHandle<D extends DType = DType, S = unknown> implements Tensor<D, S> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly size: number;
  readonly storage: S;
  readonly owner: TensorOwner;
  /** The role of a weight; undefined for a tensor of a pass. */
  readonly role: TensorRole | undefined;
  /** The allocation of which this tensor is a view; itself if it is not a view. */
  readonly root: TensorHandle;
  /** First byte inside `root`. */
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Smallest and largest value of an i32 input; undefined for other tensors. */
  readonly range: readonly [min: number, max: number] | undefined;
  /** Whether the memory was freed: by the end of its scope, or by `releaseTensor`. Only a root has it set. */
  freed = false;

  constructor(facts: {
    dtype: D;
    shape: readonly number[];
    storage: S;
    owner: TensorOwner;
    role?: TensorRole;
    view?: { root: TensorHandle; byteOffset: number };
    range?: readonly [number, number];
  }) {
    this.dtype = facts.dtype;
    this.shape = Object.freeze([...facts.shape]);
    this.size = sizeOf(facts.shape);
    this.storage = facts.storage;
    this.owner = facts.owner;
    this.role = facts.role;
    this.root = facts.view?.root ?? this;
    this.byteOffset = facts.view?.byteOffset ?? 0;
    this.byteLength = this.size * dtypeByteLength(facts.dtype);
    this.range = facts.range;
  }

  get usable(): boolean {
    return this.owner.alive && !this.root.freed;
  }

  overlaps(other: TensorHandle): boolean {
    return (
      this.root === other.root &&
      this.byteOffset < other.byteOffset + other.byteLength &&
      other.byteOffset < this.byteOffset + this.byteLength
    );
  }

  coincides(other: TensorHandle): boolean {
    return (
      this.root === other.root &&
      this.byteOffset === other.byteOffset &&
      this.byteLength === other.byteLength
    );
  }
}
