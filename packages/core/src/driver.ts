import type { Capabilities } from "./capabilities.js";
import type { DType, HostArrays, WeightDType } from "./dtype.js";
import type { OpName, Ops } from "./ops.js";
import type { Tensor, TensorRole } from "./tensor.js";
import type { WeightView } from "./weights.js";

export interface RunOptions {
  /** For tests: fills memory from `ops.alloc` with bytes 0xff, which are NaN in every float dtype. */
  readonly poison?: boolean;
}

export interface TensorOptions {
  /**
   * Dtype in which a matrix or table is kept, whatever dtype the checkpoint has. Default: the dtype of the checkpoint
   * for tables and for matrices in i8, if the driver has it, else f32. Must be absent for vectors.
   */
  readonly dtype?: WeightDType | undefined;
}

/** A device that holds weights and runs passes of ops on them. */
export interface Driver {
  readonly specVersion: number;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Ops for which the driver has a kernel of its own. */
  readonly kernelNames: ReadonlySet<OpName>;
  /**
   * Makes a weight from f32, f16 or bf16 data; a matrix or table also from i8 data with scales. It lives until
   * `releaseTensor`, or until this driver and all its clones are closed.
   *
   * Throws DTypeError for other data, ShapeError for a matrix or table that is not 2-D, UnsupportedError for a dtype
   * outside `capabilities.weightDtypes`, InputError for a dtype given for a vector, and ModelFileError for i8 data
   * without scales that fit, are finite and are at least 0.
   *
   * Two more faults are a ModelFileError either here or in every pass that uses the weight (of a table: that reads the
   * row): a value that the dtype cannot hold, and a file that has changed since the model was opened. f16 and bf16
   * cannot hold finite values that they round to infinity; i8 cannot hold NaN and infinity, and a driver may refuse
   * these two in every dtype.
   */
  createTensor(view: WeightView, role: "vector", options?: TensorOptions): Tensor<"f32">;
  createTensor(view: WeightView, role: TensorRole, options?: TensorOptions): Tensor;
  /** Frees a weight after the passes that were submitted before. Later passes must not use it. */
  releaseTensor(tensor: Tensor): void;
  /**
   * Calls `record` once, before `run` returns, and submits the pass. Resolves with the values of the tensor that
   * `record` returned. If `record` throws, the pass is abandoned and the promise rejects with that error. A call of
   * `run` of the same driver inside `record` rejects with ArgumentError.
   */
  run<D extends DType>(
    record: (ops: Ops) => Tensor<D>,
    options?: RunOptions,
  ): Promise<HostArrays[D]>;
  readonly supportsClone: boolean;
  /** A driver with a queue of its own that shares the weights. Throws UnsupportedError if `supportsClone` is false. */
  clone(): Driver;
  readonly closed: boolean;
  /** Waits for passes in flight and frees all that the driver holds. May be called again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
