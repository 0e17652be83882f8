import type { Capabilities, Driver } from "@ripvec/core";
import { requiredOps } from "@ripvec/core/driver";
import {
  type AddonSource,
  createNativeDriver,
  loadAddon,
  type NativeAddon,
  type NativeEngine,
  withNativeErrors,
} from "@ripvec/native";

interface ToyAddon extends NativeAddon {
  readonly Engine: new (options: object) => NativeEngine;
}

const source: AddonSource = {
  driver: "toy",
  packageName: "ripvec-driver-toy",
  codeFiles: [import.meta.url],
  fileStem: "driver_toy",
  environmentVariable: "RIPVEC_TOY_BINARY",
  help: "https://www.npmjs.com/package/ripvec-driver-toy",
  kernels: [...requiredOps, "relu"],
};

const capabilities: Capabilities = {
  isGpu: false,
  needsWarmUp: false,
  overlapsPasses: false,
  device: "one thread in C++",
  dtypes: new Set(["f32"] as const),
  storageDtypes: new Set(["f32", "i32"] as const),
  weightDtypes: new Set(["f32"] as const),
  maxInFlight: 2,
  preferredBatchTokens: 512,
  maxTensorBytes: 2 ** 31,
};

/** A native driver: the kernels of runtime/kernels.h on an engine thread. */
export async function toy(): Promise<Driver> {
  const loaded = loadAddon<ToyAddon>(source);
  const engine = withNativeErrors("toy", () => new loaded.addon.Engine({}));
  return createNativeDriver({ loaded, capabilities, engine });
}
