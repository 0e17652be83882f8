import type { CommandSet } from "./commands.js";
import type { NativeEngine } from "./native.js";

/** What a driver and its clones share. */
export interface SharedEngine {
  readonly native: NativeEngine;
  readonly commands: CommandSet;
  readonly arch: string;
  /** Drivers that use it; the last one to close ends it. */
  users: number;
  /** Submitted and not settled. */
  passes: number;
}
