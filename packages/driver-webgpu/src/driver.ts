import type { Capabilities, WeightDType } from "@ripvec/core";
import type { DriverImplementation, DType, TensorRole, WeightView } from "@ripvec/core/driver";
import type { Counters } from "./counters.js";
import type { OpenDevice } from "./device.js";
import { Engine } from "./engine.js";
import { WebGpuPass } from "./pass.js";
import type { AllocationView, Weight } from "./storage.js";
import { createWeight } from "./weights.js";

/** Tokens that occupy a large GPU with tiles of products. A fallback adapter computes on the CPU and needs fewer. */
const preferredBatchTokens = { gpu: 4096, fallback: 256 } as const;

/** The implementation that `createDriver` of core wraps. */
export class WebGpuDriver implements DriverImplementation<AllocationView, Weight> {
  readonly specVersion = 2;
  readonly name = "webgpu";
  readonly capabilities: Capabilities;
  readonly #engine: Engine;

  constructor(open: OpenDevice) {
    this.#engine = new Engine(open);
    const floats: readonly ("f32" | "f16")[] = open.f16 ? ["f32", "f16"] : ["f32"];
    this.capabilities = {
      isGpu: true,
      needsWarmUp: true,
      overlapsPasses: true,
      device: open.words,
      dtypes: new Set(floats),
      storageDtypes: new Set<DType>([...floats, "i32"]),
      weightDtypes: new Set(["f32", "f16", "bf16", "i8"] as const),
      maxInFlight: 4,
      preferredBatchTokens: preferredBatchTokens[open.isFallback ? "fallback" : "gpu"],
      maxTensorBytes: open.maxBindingBytes,
    };
  }

  get counters(): Readonly<Counters> {
    return this.#engine.counters;
  }

  createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Weight {
    return createWeight(this.#engine, view, role, dtype);
  }

  releaseWeight({ parts }: Weight): void {
    const { buffers, queue } = this.#engine;
    queue.afterPasses(() => {
      for (const { buffer } of parts) buffers.destroy(buffer);
    });
  }

  beginPass(): WebGpuPass {
    return new WebGpuPass(this.#engine);
  }

  async close(): Promise<void> {
    const { queue, buffers, open } = this.#engine;
    await queue.idle();
    buffers.destroyAll();
    if (open.isOwn) open.device.destroy();
  }
}
