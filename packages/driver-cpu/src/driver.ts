import { totalmem } from "node:os";
import type { Capabilities, WeightDType } from "@ripvec/core";
import {
  type DriverImplementation,
  fileRanges,
  sizeOf,
  type TensorRole,
  type WeightView,
} from "@ripvec/core/driver";
import type { SharedEngine } from "./engine.js";
import type { NativeWeight } from "./native.js";
import { withNativeErrors, withWeightErrors } from "./native-errors.js";
import { CpuPass, type CpuStorage, weightOf, weightStorage } from "./pass.js";

/** Tokens of a pass that fill the threads. More are no faster: the arena grows, and leaves the caches. */
const preferredBatchTokens = 1024;

/** One that runs and one that waits behind it, so that threads don't wait for JavaScript. */
const maxInFlight = 2;

/** The CPU as core's `createDriver` wants it. Clones share the engine: weights, threads and its queue. */
export class CpuDriver implements DriverImplementation<CpuStorage> {
  readonly specVersion = 2;
  readonly name = "cpu";
  readonly capabilities: Capabilities;
  readonly #engine: SharedEngine;
  readonly #spare: CpuPass[] = [];

  constructor(engine: SharedEngine) {
    this.#engine = engine;
    engine.users++;
    const { threads, instructionSet } = engine.native;
    this.capabilities = {
      isGpu: false,
      needsWarmUp: false,
      overlapsPasses: false,
      device: `${engine.arch} ${instructionSet}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
      dtypes: new Set(["f32"] as const),
      storageDtypes: new Set(["f32", "f16", "bf16", "i8", "i32"] as const),
      weightDtypes: new Set(["f32", "f16", "bf16", "i8"] as const),
      maxInFlight,
      preferredBatchTokens,
      maxTensorBytes: totalmem(),
    };
  }

  createWeight(view: WeightView, role: TensorRole, storage: WeightDType): CpuStorage {
    const files = view.byteLength > 0 ? fileRanges(view) : undefined;
    const usable = files && (role !== "table" || files.length === 1);
    const weight = {
      ...describe(view, role, storage),
      ...(usable ? { files } : { bytes: view.bytes() }),
      ...(view.dtype === "i8" && { scales: view.scales?.bytes() }),
    };
    const facts = { name: view.name, path: files?.[0]?.path };
    return weightStorage(withWeightErrors(facts, () => this.#engine.native.createWeight(weight)));
  }

  releaseWeight(storage: CpuStorage): void {
    withNativeErrors(() => this.#engine.native.releaseWeight(weightOf(storage)));
  }

  beginPass(): CpuPass {
    return this.#spare.pop() ?? new CpuPass(this.#engine, (finished) => this.#spare.push(finished));
  }

  clone(): CpuDriver {
    return new CpuDriver(this.#engine);
  }

  async close(): Promise<void> {
    this.#spare.length = 0;
    this.#engine.users--;
    if (this.#engine.users === 0) this.#engine.native.close();
  }
}

/** Core has checked the view: it holds floats or i8 with scales, a matrix and a table have two dimensions. */
function describe(
  { name, dtype, shape }: WeightView,
  role: TensorRole,
  storage: WeightDType,
): NativeWeight {
  const [rows = 1, cols = 0] = role === "vector" ? [1, sizeOf(shape)] : shape;
  return { name, role, dtype, storage, rows, cols };
}
