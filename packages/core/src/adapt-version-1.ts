import type { Capabilities } from "./capabilities.js";
import { type DriverImplementation, specVersion } from "./driver-implementation.js";
import type { AnyArgs } from "./op-spec.js";
import type { OpName } from "./ops.js";

/** The capabilities that version 1 had. */
type Version1Capabilities = Omit<Capabilities, "needsWarmUp" | "overlapsPasses">;

/** A driver of version 1 as one of version 2. Adapts its capabilities; `version1Takes` says which calls its kernels may get. */
export function adaptVersion1<S, W>(older: DriverImplementation<S, W>): DriverImplementation<S, W> {
  const { clone } = older;
  return {
    specVersion,
    name: older.name,
    capabilities: capabilitiesOf(older.capabilities),
    createWeight: (view, role, dtype) => older.createWeight(view, role, dtype),
    releaseWeight: (storage) => older.releaseWeight(storage),
    beginPass: () => older.beginPass(),
    ...(clone && { clone: () => clone.call(older) }),
    close: () => older.close(),
  };
}

/**
 * In version 1, `isGpu` stood for `needsWarmUp` and `overlapsPasses`. Activations are f32 only, since version 1 did not
 * say what an op stores for a result that f16 cannot hold.
 */
function capabilitiesOf(older: Version1Capabilities): Capabilities {
  const { isGpu } = older;
  const dtypes = new Set(["f32"] as const);
  return { ...older, needsWarmUp: isGpu, overlapsPasses: isGpu, dtypes };
}

/** In version 1, `attention` had neither `positionBias` nor `causal`: its kernel would ignore them. */
export function version1Takes(op: OpName, { positionBias, causal }: AnyArgs): boolean {
  return op !== "attention" || (positionBias === undefined && !causal);
}
