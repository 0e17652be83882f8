import type { OpName } from "@ripvec/core/driver";

/** The members of a driver's package.json that are needed to find its addon. */
export interface DriverManifest {
  /** The npm package of the driver. The package with the addon of a platform is `<name>-<platform tag>`. */
  readonly name: string;
  readonly version: string;
  readonly ripvec: {
    /** The addon is a file of this name with the extension `.node`. */
    readonly addon: string;
    /** The environment variable that names another addon. */
    readonly environmentVariable: string;
    /** The tags of the platforms whose addons are published. */
    readonly platforms?: readonly string[];
  };
}

/** Describes the addon of a driver: where it is looked for, and which ops it must have. */
export interface AddonSource {
  /** The driver's name, for errors. */
  readonly driver: string;
  /** The driver's package.json, which the driver imports, so that a bundle of the driver contains it. */
  readonly manifest: DriverManifest;
  /**
   * Where the driver's code is: `[import.meta.url, typeof __filename === "string" ? __filename : undefined]`, written in a
   * file of the driver. One of the two is undefined, and after bundling each may name the bundle or the original file.
   */
  readonly codeFiles: readonly (string | undefined)[];
  /** The address of a text that says how to build the addon, and how to bundle an app that uses the driver. */
  readonly help: string;
  /** The ops that the driver has kernels for: its generated list. */
  readonly kernels: readonly OpName[];
}
