import type { Capabilities, Driver, WeightDType } from "@ripvec/core";
import {
  createDriver,
  type DriverImplementation,
  type DriverPass,
  type DType,
  type TensorRole,
  type WeightView,
} from "@ripvec/core/driver";
import { templateKernels } from "../generated/template-kernels.js";
import { eightBitRows, keptValues } from "../numbers/kept-weights.js";
import type { KernelTable, Memory } from "./kernel.js";
import { TemplatePass } from "./pass.js";

export interface TemplateOptions {
  /** Whether the driver also takes f16 activations. Default false. */
  readonly f16?: boolean;
  /** The dtypes other than f32 that matrices and tables may be kept in. Default: all. */
  readonly weights?: readonly WeightDType[];
}

/**
 * A driver in plain TypeScript that has only the required ops. It is slow and correct. Values are f32, and sums are
 * f64. It computes on the JavaScript thread, before the promise that `run` returns resolves.
 */
export function templateDriver(options: TemplateOptions = {}): Driver {
  return createDriver(new TemplateImplementation(templateKernels, options));
}

/**
 * The implementation that `createDriver` wraps. Weights are f32 arrays or 8-bit matrices; every run
 * gets a new pass.
 */
export class TemplateImplementation implements DriverImplementation<Memory> {
  readonly specVersion = 2;
  readonly name = "template";
  readonly capabilities: Capabilities;
  readonly #kernels: KernelTable;
  readonly #options: TemplateOptions;

  constructor(kernels: KernelTable, options: TemplateOptions) {
    this.#kernels = kernels;
    this.#options = options;
    this.capabilities = {
      isGpu: false,
      needsWarmUp: false,
      overlapsPasses: false,
      device: "JavaScript",
      dtypes: new Set(options.f16 ? ["f32", "f16"] : ["f32"]),
      storageDtypes: new Set<DType>(["f32", "f16", "bf16", "i8", "i32"]),
      weightDtypes: new Set(["f32", ...(options.weights ?? (["f16", "bf16", "i8"] as const))]),
      maxInFlight: 1,
      preferredBatchTokens: 512,
      maxTensorBytes: 2 ** 31 - 1,
    };
  }

  createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Memory {
    if (dtype === "i8" && role === "matrix") {
      const eightBit = eightBitRows(view);
      const { buffer, byteLength } = eightBit.values;
      return { buffer, byteOffset: 0, byteLength, isWeight: true, eightBit };
    }
    const { buffer, byteLength } = keptValues(view, dtype);
    return { buffer, byteOffset: 0, byteLength, isWeight: true };
  }

  releaseWeight(_memory: Memory): void {}

  beginPass(): DriverPass<Memory> {
    return new TemplatePass(this.name, this.#kernels);
  }

  clone(): TemplateImplementation {
    return new TemplateImplementation(this.#kernels, this.#options);
  }

  async close(): Promise<void> {}
}
