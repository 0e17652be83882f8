import { adaptVersion1, version1Takes } from "./adapt-version-1.js";
import type { Driver } from "./driver.js";
import { type DriverImplementation, specVersion } from "./driver-implementation.js";
import { SpecVersionError } from "./errors.js";
import type { AnyArgs } from "./op-spec.js";
import type { OpName } from "./ops.js";

/** A driver of this or an earlier version of the contract, as one of this version. */
export interface Adapted<S, W> {
  readonly implementation: DriverImplementation<S, W>;
  /** Whether the driver's kernel of an op knows these arguments. If not, the composed default is used. */
  readonly takes?: (op: OpName, args: AnyArgs) => boolean;
}

/** Leaves a driver of an unknown version unchanged; `expectSpecVersion` refuses it. */
export function adapt<S, W>(implementation: DriverImplementation<S, W>): Adapted<S, W> {
  if (implementation.specVersion !== specVersion - 1) return { implementation };
  return { implementation: adaptVersion1(implementation), takes: version1Takes };
}

/** Throws SpecVersionError unless the driver is one of this version of the contract, or was adapted to it. */
export function expectSpecVersion({ name, specVersion: actual }: Driver): void {
  if (actual === specVersion) return;
  throw new SpecVersionError({ driver: name, expected: specVersion, actual });
}
