import type { Capabilities, Driver, WeightDType } from "@ripvec/core";
import {
  createDriver,
  type DriverImplementation,
  type DriverPass,
  type DType,
  type TensorRole,
  type WeightView,
} from "@ripvec/core/driver";
import { templateKernels } from "../../src/generated/template-kernels.js";
import { keptValues } from "../../src/numbers/kept-weights.js";
import type { Kernel, Memory } from "../../src/template/kernel.js";
import { TemplatePass } from "../../src/template/pass.js";
import { fusedAttention } from "../mutants/attention.js";

/** What a driver of version 1 was called with. */
export interface Version1Log {
  attentionCalls: number;
}

/** The template driver as it was under version 1 of the contract, with a kernel for attention of that version. */
export function version1Driver(log: Version1Log = { attentionCalls: 0 }, isGpu = false): Driver {
  return createDriver(new Version1Implementation(log, isGpu));
}

class Version1Implementation implements DriverImplementation<Memory> {
  readonly specVersion: number = 1;
  readonly name = "template";
  readonly capabilities: Capabilities;
  readonly #log: Version1Log;
  readonly #isGpu: boolean;

  constructor(log: Version1Log, isGpu: boolean) {
    this.#log = log;
    this.#isGpu = isGpu;
    const capabilities: Omit<Capabilities, "needsWarmUp" | "overlapsPasses"> = {
      isGpu,
      device: "JavaScript",
      dtypes: new Set(["f32", "f16"]),
      storageDtypes: new Set<DType>(["f32", "f16", "bf16", "i8", "i32"]),
      weightDtypes: new Set(["f32", "f16", "bf16"]),
      maxInFlight: 1,
      preferredBatchTokens: 512,
      maxTensorBytes: 2 ** 31 - 1,
    };
    this.capabilities = capabilities as Capabilities;
  }

  createWeight(view: WeightView, _role: TensorRole, dtype: WeightDType): Memory {
    const { buffer, byteLength } = keptValues(view, dtype);
    return { buffer, byteOffset: 0, byteLength, isWeight: true };
  }

  releaseWeight(_memory: Memory): void {}

  beginPass(): DriverPass<Memory> {
    const attention: Kernel<"attention"> = (args) => {
      this.#log.attentionCalls++;
      withoutNewArguments(args);
    };
    return new TemplatePass(this.name, { ...templateKernels, attention });
  }

  clone(): Version1Implementation {
    return new Version1Implementation(this.#log, this.#isGpu);
  }

  async close(): Promise<void> {}
}

/** The arguments that version 1 did not have are ignored, as a kernel ignores what it does not know. */
const withoutNewArguments = fusedAttention((args) => ({
  ...args,
  positionBias: undefined,
  causal: undefined,
}));
