import type { OpName } from "@ripvec/core/driver";

/** Describes the addon of a driver: where it is looked for, and which ops it must have. */
export interface AddonSource {
  /** The driver's name, for errors. */
  readonly driver: string;
  /** The npm package of the driver. The addon may also be the package `<packageName>-<platform tag>`. */
  readonly packageName: string;
  /**
   * Where the driver's code is: `[import.meta.url]`, written in a file of the package. A package that is built for CommonJS too
   * adds `typeof __filename === "string" ? __filename : undefined`. Bundlers replace both in different ways, so each may be
   * undefined, the bundle, or the file as it was when the bundle was made.
   */
  readonly codeFiles: readonly (string | undefined)[];
  /** The addon is `<fileStem>.node` in its package, or in `prebuilds/<platform tag>/` of the driver's package. */
  readonly fileStem: string;
  /** The environment variable that names another addon. */
  readonly environmentVariable: string;
  /** The address of a text that says how to build the addon, and how to bundle an app that uses the driver. */
  readonly help: string;
  /** The ops that the driver has kernels for: its generated list. */
  readonly kernels: readonly OpName[];
  /** The version of the package. If it is given, a bundle of the driver takes no addon of another version, unless `codeFiles` name a file in the folder of that version. */
  readonly version?: string;
  /** The tags of the platforms whose addons are published, for errors. */
  readonly platforms?: readonly string[];
}
