import {
  type DType,
  dtypeByteLength,
  type KernelArgs,
  type OpArgs,
  type OpName,
  opSpecs,
  type Tensor,
  type TensorKind,
  type TensorRule,
} from "@ripvec/core/driver";
import {
  activationToF16,
  bf16ToNumber,
  f16ToNumber,
  numberToBf16,
  numberToF16,
} from "../numbers/half.js";
import type { EightBitRows } from "../numbers/kept-weights.js";

/** A range of memory: `byteLength` bytes of `buffer` from `byteOffset` on. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly byteOffset: number;
  readonly byteLength: number;
  /**
   * A weight is rounded to the dtype that it is kept in, and stored here as f32. A matrix of 8 bits
   * is in `eightBit` instead.
   */
  readonly isWeight?: boolean;
  /** A matrix in 8 bits, in place of the bytes. */
  readonly eightBit?: EightBitRows;
}

export type NumberArray = Float32Array | Int32Array | Int8Array;

/** A tensor as a kernel sees it: shape, values, and the raw bytes. */
export class KernelTensor<A extends NumberArray = Float32Array> {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly size: number;
  readonly bytes: Uint8Array;
  /** Set on a matrix of 8 bits, which has no `data`. */
  readonly eightBit: EightBitRows | undefined;
  #values: NumberArray | undefined;

  constructor(tensor: Tensor<DType, Memory>) {
    const memory = tensor.storage;
    this.eightBit = memory.eightBit;
    this.dtype = memory.isWeight && !memory.eightBit ? "f32" : tensor.dtype;
    this.shape = tensor.shape;
    this.size = tensor.size;
    const byteLength = tensor.size * dtypeByteLength(this.dtype);
    this.bytes = new Uint8Array(memory.buffer, memory.byteOffset, byteLength);
  }

  /** The values. f16 and bf16 are widened to f32 here and narrowed again by `store`. */
  get data(): A {
    this.#values ??= this.#load();
    return this.#values as A;
  }

  /**
   * Writes widened values back. A value that f16 cannot hold becomes NaN in an activation, and
   * infinity in a conversion.
   */
  store(isActivation: boolean): void {
    if (!this.#values || (this.dtype !== "f16" && this.dtype !== "bf16")) return;
    const toF16 = isActivation ? activationToF16 : numberToF16;
    const narrow = this.dtype === "f16" ? toF16 : numberToBf16;
    const patterns = this.#patterns();
    this.#values.forEach((value, i) => {
      patterns[i] = narrow(value);
    });
  }

  #load(): NumberArray {
    const { buffer, byteOffset } = this.bytes;
    switch (this.dtype) {
      case "f32":
        return new Float32Array(buffer, byteOffset, this.size);
      case "i32":
        return new Int32Array(buffer, byteOffset, this.size);
      case "i8":
        return new Int8Array(buffer, byteOffset, this.size);
      case "f16":
        return Float32Array.from(this.#patterns(), f16ToNumber);
      case "bf16":
        return Float32Array.from(this.#patterns(), bf16ToNumber);
      case "i64":
        throw new TypeError("i64 tensors exist in checkpoints only");
      default:
        return this.dtype satisfies never;
    }
  }

  #patterns(): Uint16Array {
    return new Uint16Array(this.bytes.buffer, this.bytes.byteOffset, this.size);
  }
}

type OpenedArg<T> =
  T extends Tensor<"i32"> ? KernelTensor<Int32Array> : T extends Tensor ? KernelTensor : T;

/** Arguments of an op with every tensor opened for a kernel. */
export type OpenedArgs<K extends OpName> = {
  [P in keyof OpArgs[K]]: OpenedArg<OpArgs[K][P]>;
};

/** Computes one op. Core has checked the arguments, so they are not checked again here. */
export type Kernel<K extends OpName> = (args: OpenedArgs<K>) => void;

export type KernelTable = { readonly [K in OpName]?: Kernel<K> };

/** Opens the tensors of `args`, runs the kernel and stores what it wrote. */
export function runKernel<K extends OpName>(
  name: K,
  kernel: Kernel<K>,
  args: KernelArgs<K, Memory>,
): void {
  const rules: Readonly<Record<string, TensorRule>> = opSpecs[name].tensors;
  const outputs: { readonly tensor: KernelTensor; readonly isActivation: boolean }[] = [];
  const entries = Object.entries(args).map(([argument, value]) => {
    const rule = rules[argument];
    if (!rule || value === undefined) return [argument, value];
    const tensor = new KernelTensor(value as Tensor<DType, Memory>);
    if (writtenKinds.has(rule.kind)) outputs.push({ tensor, isActivation: rule.kind === "output" });
    return [argument, tensor];
  });
  kernel(Object.fromEntries(entries) as OpenedArgs<K>);
  for (const { tensor, isActivation } of outputs) tensor.store(isActivation);
}

const writtenKinds: ReadonlySet<TensorKind> = new Set(["output", "f32Output", "anyOutput"]);
