import type { OpName } from "@ripvec/core/driver";
import type { NativeEngine } from "./addon.js";

/** What a driver and its clones share. */
export interface SharedEngine {
  /** The driver's name, for errors. */
  readonly driver: string;
  readonly native: NativeEngine;
  /** The ops that it has kernels for. */
  readonly kernels: readonly OpName[];
  /** Number of open drivers that use it. The last one to close closes the engine. */
  users: number;
  /** Number of passes that were submitted and are not settled. */
  passes: number;
}
