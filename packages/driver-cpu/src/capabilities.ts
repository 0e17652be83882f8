import { totalmem } from "node:os";
import type { Capabilities } from "@ripvec/core";
import type { CpuEngine } from "./addon.js";

/**
 * The number of tokens of a pass that keeps all threads busy. With more, a pass is no faster,
 * because the arena outgrows the caches.
 */
const preferredBatchTokens = 1024;

/** One pass runs and one waits, so that the threads do not wait for JavaScript. */
const maxInFlight = 2;

export function capabilitiesOf({ threads, instructionSet }: CpuEngine, arch: string): Capabilities {
  return {
    isGpu: false,
    needsWarmUp: false,
    overlapsPasses: false,
    device: `${arch} ${instructionSet}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    dtypes: new Set(["f32"] as const),
    storageDtypes: new Set(["f32", "f16", "bf16", "i8", "i32"] as const),
    weightDtypes: new Set(["f32", "f16", "bf16", "i8"] as const),
    maxInFlight,
    preferredBatchTokens,
    maxTensorBytes: totalmem(),
  };
}
