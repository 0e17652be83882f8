import type { Driver } from "./driver.js";
import { UnsupportedError } from "./errors.js";
import { type OpName, optionalOps } from "./ops.js";

/**
 * Throws UnsupportedError that names the first of `ops` which the driver lacks. An architecture calls it before it
 * creates weights. A driver can lack only optional ops.
 */
export function expectOps(driver: Driver, ops: readonly OpName[]): void {
  const missing = ops.find((op) => optionalOps.includes(op) && !driver.kernelNames.has(op));
  if (missing === undefined) return;
  throw new UnsupportedError({
    what: `op of driver ${driver.name}, which this model needs:`,
    value: missing,
    supported: optionalOps.filter((op) => driver.kernelNames.has(op)),
  });
}
