import { type DType, dtypeByteLength, sizeOf } from "./dtype.js";

/**
 * Memory of one driver with a dtype and a shape. Rows are contiguous, last dimension fastest.
 * A tensor made inside a pass lives until its scope ends, or the pass; a weight lives until its
 * driver and every clone are closed.
 */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
  /** What the driver made of it. Only that driver looks inside. */
  readonly storage: unknown;
}

/**
 * What a weight is for, so that a driver may lay it out its own way: `matrix` [N, K] is the right-hand
 * side of a product with `transposeB: true`; `table` [rows, cols] is read by row ids; both have the dtype that
 * they are kept in. `vector` is f32 and dense, of any shape: biases, norm weights, RoPE tables.
 */
export type TensorRole = "matrix" | "table" | "vector";

/** What a tensor belongs to: a pass, or the weights that a driver shares with its clones. */
export interface TensorOwner {
  readonly kind: "pass" | "weights";
  alive: boolean;
}

/** The tensor as core sees it: who owns it, which memory it covers, and what is known on the host. */
export class TensorHandle<D extends DType = DType> implements Tensor<D> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly size: number;
  readonly storage: unknown;
  readonly owner: TensorOwner;
  /** Set on weights. */
  readonly role: TensorRole | undefined;
  /** The allocation this tensor is a view of; itself when it is no view. */
  readonly root: TensorHandle;
  /** First byte inside `root`. */
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Smallest and largest value of an i32 input, known because the host brought it. */
  readonly range: readonly [min: number, max: number] | undefined;
  /** Set on a root when its scope ended. */
  freed = false;

  constructor(facts: {
    dtype: D;
    shape: readonly number[];
    storage: unknown;
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
