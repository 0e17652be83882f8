import type { Capabilities } from "./capabilities.js";
import type { Adapted } from "./contract-versions.js";
import type { RunOptions } from "./driver.js";
import type { DriverPass } from "./driver-implementation.js";
import { type DType, dtypeByteLength, sizeOf } from "./dtype.js";
import {
  ArgumentError,
  DTypeError,
  ShapeError,
  TensorStateError,
  UnsupportedError,
} from "./errors.js";
import { kindOf } from "./kind-of.js";
import { hostLayoutOf, type SequenceLayout } from "./layout.js";
import { type CheckContext, OpCheck } from "./op-check.js";
import type { AnyArgs, OpSpec } from "./op-spec.js";
import { type OpName, type Ops, opNames, opSpecs, type PassMemory } from "./ops.js";
import { type Tensor, TensorHandle, type TensorOwner } from "./tensor.js";

interface RecordingParts<S, W> {
  readonly pass: DriverPass<S, W>;
  readonly capabilities: Capabilities;
  /** The owner of the weights of the driver. */
  readonly weights: TensorOwner;
  readonly poison: RunOptions["poison"] | undefined;
  readonly takes: Adapted<S, W>["takes"];
}

/** Records one pass: checks every call, keeps track of scopes, and calls the kernels of the driver. */
export class Recording<S, W = S> implements PassMemory {
  readonly ops: Ops;
  readonly capabilities: Capabilities;
  readonly #pass: DriverPass<S, W>;
  readonly #takes: Adapted<S, W>["takes"];
  readonly #owner: TensorOwner = { kind: "pass", alive: true };
  readonly #check: CheckContext;
  readonly #poison: boolean;
  /** Allocations of the open scopes; the innermost scope is the last. */
  readonly #scopes: TensorHandle<DType, S>[][] = [[]];

  /** The functions of the ops that were used, so that each works without its object. */
  readonly #functions: Partial<Record<OpName, (args: unknown) => void>> = {};

  /** Defines a getter for each op once, on the prototype, so that a new recording makes only the functions that it uses. */
  static {
    for (const name of opNames) {
      Object.defineProperty(Recording.prototype, name, {
        get(this: Recording<unknown>): (args: unknown) => void {
          return this.#functionOf(name);
        },
      });
    }
  }

  constructor({ pass, capabilities, weights, poison = false, takes }: RecordingParts<S, W>) {
    this.#pass = pass;
    this.#takes = takes;
    this.capabilities = capabilities;
    const { dtypes } = capabilities;
    this.#check = { owners: [this.#owner, weights], dtypes, layouts: new WeakSet() };
    this.#poison = poison;
    this.input = this.input.bind(this);
    this.layout = this.layout.bind(this);
    this.alloc = this.alloc.bind(this);
    this.allocZeroed = this.allocZeroed.bind(this);
    this.slice = this.slice.bind(this);
    this.reshape = this.reshape.bind(this);
    this.scope = this.scope.bind(this);
    this.flush = this.flush.bind(this);
    this.ops = this as unknown as Ops;
  }

  #functionOf(name: OpName): (args: unknown) => void {
    const known = this.#functions[name];
    if (known) return known;
    const made = (args: unknown) => this.#call(name, args);
    this.#functions[name] = made;
    return made;
  }

  /** Every op runs here: its arguments are checked, then the driver's kernel is called, else the composed default. */
  #call(name: OpName, args: unknown): void {
    this.#assertRecording(name);
    const spec = opSpecs[name] as OpSpec<unknown>;
    OpCheck.run(spec, args, this.#check);
    const kernel = this.#pass.kernels[name] as ((args: unknown) => void) | undefined;
    if (kernel && (this.#takes?.(name, args as AnyArgs) ?? true)) kernel(args);
    else if (spec.compose) this.scope(() => spec.compose?.(this.ops, args));
    else {
      throw new UnsupportedError({
        what: "op: the driver lacks a required kernel for",
        value: name,
        supported: Object.keys(this.#pass.kernels),
      });
    }
  }

  input(data: Float32Array, shape: readonly number[]): Tensor<"f32">;
  input(data: Int32Array, shape: readonly number[]): Tensor<"i32">;
  input(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    this.#assertRecording("input");
    if (!(data instanceof Int32Array) && !(data instanceof Float32Array)) {
      const reason = `must be a Float32Array or an Int32Array, got ${kindOf(data)}`;
      throw new ArgumentError({ op: "input", argument: "data", reason });
    }
    this.#checkShape("input", shape);
    const size = sizeOf(shape);
    if (size !== data.length) failShape("input", "data", `of ${size} elements`, data.length);
    this.#checkByteLength("input", data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return new TensorHandle({
      dtype: data instanceof Int32Array ? "i32" : "f32",
      shape,
      storage: this.#pass.input(bytes),
      owner: this.#owner,
      ...(data instanceof Int32Array && { range: rangeOf(data) }),
    });
  }

  layout(lengths: ArrayLike<number>): SequenceLayout {
    const host = hostLayoutOf(lengths);
    const cuSeqlens = this.input(host.hostCuSeqlens, [host.batch + 1]);
    const layout: SequenceLayout = { ...host, cuSeqlens };
    this.#check.layouts.add(layout);
    return layout;
  }

  alloc<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D> {
    const tensor = this.#allocate(dtype, shape);
    if (this.#poison) this.#pass.fill(tensor.storage, tensor.byteLength, 0xff);
    return tensor;
  }

  allocZeroed<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D> {
    const tensor = this.#allocate(dtype, shape);
    this.#pass.fill(tensor.storage, tensor.byteLength, 0x00);
    return tensor;
  }

  #allocate<D extends DType>(dtype: D, shape: readonly number[]): TensorHandle<D, S> {
    this.#assertRecording("alloc");
    this.#checkShape("alloc", shape);
    const { storageDtypes } = this.capabilities;
    if (!storageDtypes.has(dtype)) {
      const expected = [...storageDtypes];
      throw new DTypeError({ op: "alloc", argument: "dtype", expected, actual: dtype });
    }
    const byteLength = sizeOf(shape) * dtypeByteLength(dtype);
    this.#checkByteLength("alloc", byteLength);
    const storage = this.#pass.alloc(byteLength);
    const tensor = new TensorHandle({ dtype, shape, storage, owner: this.#owner });
    this.#scopes.at(-1)?.push(tensor);
    return tensor;
  }

  slice<D extends DType>(tensor: Tensor<D>, start: number, shape: readonly number[]): Tensor<D> {
    const handle = this.#own("slice", tensor);
    this.#checkShape("slice", shape);
    const size = sizeOf(shape);
    if (!Number.isSafeInteger(start) || start < 0 || start + size > handle.size) {
      failShape("slice", "start", `in 0 … ${handle.size - size}`, start);
    }
    return this.#view(handle, start * dtypeByteLength(handle.dtype), shape);
  }

  reshape<D extends DType>(tensor: Tensor<D>, shape: readonly number[]): Tensor<D> {
    const handle = this.#own("reshape", tensor);
    this.#checkShape("reshape", shape);
    if (sizeOf(shape) !== handle.size) {
      failShape("reshape", "shape", `of ${handle.size} elements`, shape);
    }
    return this.#view(handle, 0, shape);
  }

  #view<D extends DType>(
    of: TensorHandle<D, S>,
    byteOffset: number,
    shape: readonly number[],
  ): Tensor<D> {
    const byteLength = sizeOf(shape) * dtypeByteLength(of.dtype);
    return new TensorHandle({
      dtype: of.dtype,
      shape,
      storage: this.#pass.slice(of.storage, byteOffset, byteLength),
      owner: this.#owner,
      view: { root: of.root, byteOffset: of.byteOffset + byteOffset },
      ...(of.range && { range: of.range }),
    });
  }

  scope<T>(body: () => T): T {
    this.#assertRecording("scope");
    const allocated: TensorHandle<DType, S>[] = [];
    this.#scopes.push(allocated);
    try {
      return body();
    } finally {
      this.#scopes.pop();
      for (const tensor of allocated.reverse()) {
        tensor.freed = true;
        this.#pass.release(tensor.storage);
      }
    }
  }

  flush(): void {
    this.#assertRecording("flush");
    this.#pass.flush?.();
  }

  /** Checks the tensor that `record` returned. */
  finish<D extends DType>(result: Tensor<D>): TensorHandle<D, S> {
    if (!(result instanceof TensorHandle)) {
      const isAsync = isThenable(result);
      if (isAsync) result.then(undefined, () => {});
      const reason = isAsync
        ? "must not be async: record the whole pass before it returns"
        : `must return a tensor of its pass, got ${kindOf(result)}`;
      throw new ArgumentError({ op: "run", argument: "record", reason });
    }
    return this.#own("run", result);
  }

  /** Ends the recording: `ops`, tensors and layouts of this pass can no longer be used. */
  end(): void {
    this.#owner.alive = false;
  }

  /** The tensor as one of this pass, whose storage the driver's pass made. */
  #own<D extends DType>(op: string, tensor: Tensor<D>): TensorHandle<D, S> {
    this.#assertRecording(op);
    if (!(tensor instanceof TensorHandle)) {
      const reason = `must be a tensor of this pass, got ${kindOf(tensor)}`;
      throw new ArgumentError({ op, argument: "tensor", reason });
    }
    if (tensor.owner !== this.#owner || !tensor.usable) {
      const isOurs = tensor.owner === this.#owner;
      const reason = isOurs
        ? "is used after its scope ended"
        : "belongs to another pass or is a weight";
      throw new TensorStateError({ op, argument: "tensor", reason });
    }
    return tensor as TensorHandle<D, S>;
  }

  #checkShape(op: string, shape: readonly number[]): void {
    if (!Array.isArray(shape)) {
      const reason = `must be an array of dimensions, got ${kindOf(shape)}`;
      throw new ArgumentError({ op, argument: "shape", reason });
    }
    if (shape.some((dim) => !Number.isSafeInteger(dim) || dim < 0)) {
      failShape(op, "shape", "whole numbers of at least 0", shape);
    }
  }

  #checkByteLength(op: string, byteLength: number): void {
    const { maxTensorBytes } = this.capabilities;
    if (byteLength > maxTensorBytes)
      failShape(op, "bytes", `at most ${maxTensorBytes}`, byteLength);
  }

  #assertRecording(op: string): void {
    if (this.#owner.alive) return;
    const reason = "is used after its pass was recorded";
    throw new TensorStateError({ op, argument: "ops", reason });
  }
}

function failShape(op: string, argument: string, expected: string, actual: unknown): never {
  throw new ShapeError({ op, argument, expected, actual });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** Smallest and largest value. */
function rangeOf(data: Int32Array): readonly [number, number] {
  let min = data[0] ?? 0;
  let max = data[0] ?? -1;
  for (let i = 1; i < data.length; i++) {
    const value = data[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
