import type { Capabilities } from "./capabilities.js";
import type { DType, HostArrays, WeightDType } from "./dtype.js";
import type { OpName, Ops } from "./ops.js";
import type { Tensor, TensorRole } from "./tensor.js";
import type { WeightView } from "./weights.js";

export interface RunOptions {
  /** Fills what `ops.alloc` returns with NaN bytes first. For tests. */
  readonly poison?: boolean;
}

export interface TensorOptions {
  /**
   * What a matrix or table is kept in, whatever dtype the checkpoint has. By default a table stays as it is, a
   * matrix of i8 too, where the driver has that dtype; other matrices are kept in f32. A vector has no choice.
   */
  readonly dtype?: WeightDType | undefined;
}

/** A device that holds tensors and runs passes of ops on them. */
export interface Driver {
  readonly specVersion: number;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Ops for which the driver brings its own kernel. */
  readonly kernelNames: ReadonlySet<OpName>;
  /**
   * Makes a weight of f32, f16 or bf16 data, a matrix or table also of i8 data with scales. It lives until this
   * driver and all its clones are closed, or `releaseTensor`. Throws DTypeError, or ShapeError unless a matrix or
   * table is 2-D; UnsupportedError for a dtype outside `capabilities.weightDtypes`, InputError for one asked for a
   * vector, ModelFileError for i8 data without scales that fit, are finite and at least 0. A weight with a value that
   * its dtype cannot hold is refused with ModelFileError, here or by every pass that uses it (for a table: that reads
   * the row): finite values that f16 or bf16 round to infinity, and NaN and infinity in i8. A driver may refuse NaN and
   * infinity in the same way in every weight. A file that was changed after the model was opened is refused too, here
   * or by every pass that reads it.
   */
  createTensor(view: WeightView, role: TensorRole, options?: TensorOptions): Tensor;
  /** Frees a weight behind the passes that were submitted before; later ones must not use it. */
  releaseTensor(tensor: Tensor): void;
  /**
   * Calls `record` once, before it returns, then submits. Resolves with the values of the tensor
   * that `record` returned. If `record` throws, nothing is submitted and the promise rejects with its
   * error. Inside `record` another `run` of this driver rejects with ArgumentError.
   */
  run<D extends DType>(
    record: (ops: Ops) => Tensor<D>,
    options?: RunOptions,
  ): Promise<HostArrays[D]>;
  readonly supportsClone: boolean;
  /** An independent queue over the same weights. Throws UnsupportedError when `supportsClone` is false. */
  clone(): Driver;
  readonly closed: boolean;
  /** Waits for passes in flight and frees everything. A second call does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
