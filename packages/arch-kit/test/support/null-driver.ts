import { type Driver, specVersion, type WeightDType } from "@ripvec/core";
import type { OpName, TensorRole } from "@ripvec/core/arch";
import { createDriver, type DriverPass, type Kernels, opNames } from "@ripvec/core/driver";

/** What a driver was called with. */
export interface DriverLog {
  weights: number;
  /** Name, role and dtype of each weight, in order. */
  readonly created: (readonly [name: string, role: TensorRole, dtype: WeightDType])[];
  readonly kernels: OpName[];
  /** Bytes from `alloc` that are not released. */
  liveBytes: number;
  peakBytes: number;
}

export interface NullDriver {
  readonly driver: Driver;
  readonly log: DriverLog;
}

/**
 * A driver that has a kernel for every op, fused ones included, and computes nothing: results are
 * zeros.
 */
export function nullDriver(): NullDriver {
  const log: DriverLog = { weights: 0, created: [], kernels: [], liveBytes: 0, peakBytes: 0 };
  const kernels = Object.fromEntries(
    opNames.map((name) => [name, () => log.kernels.push(name)]),
  ) as Kernels<unknown>;
  const beginPass = (): DriverPass<number> => ({
    kernels,
    alloc(byteLength) {
      log.liveBytes += byteLength;
      log.peakBytes = Math.max(log.peakBytes, log.liveBytes);
      return byteLength;
    },
    release(byteLength) {
      log.liveBytes -= byteLength;
    },
    slice: (_, __, byteLength) => byteLength,
    input: (bytes) => bytes.byteLength,
    fill() {},
    submit: async (_, byteLength) => new ArrayBuffer(byteLength),
    abandon() {},
  });
  const driver = createDriver<number>({
    specVersion,
    name: "null",
    capabilities: {
      isGpu: false,
      needsWarmUp: false,
      overlapsPasses: false,
      device: "none",
      dtypes: new Set(["f32", "f16"]),
      storageDtypes: new Set(["f32", "f16", "i32"]),
      weightDtypes: new Set(["f32", "f16", "bf16", "i8"]),
      maxInFlight: 1,
      preferredBatchTokens: 64,
      maxTensorBytes: 2 ** 31,
    },
    createWeight({ name }, role, dtype) {
      log.created.push([name, role, dtype]);
      return log.weights++;
    },
    releaseWeight() {},
    beginPass,
    close: async () => {},
  });
  return { driver, log };
}
