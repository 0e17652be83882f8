/** Where the driver finds its device. The first that is given counts: `device`, `adapter`, `gpu`. */
export interface WebGpuOptions {
  /** Instead of `navigator.gpu`, or of the npm package `webgpu` in Node. Kept as long as the process lives. */
  readonly gpu?: GPU | undefined;
  /**
   * The device is requested from it, with all its limits; an adapter gives one device only. In Node keep the GPU
   * object that it, or `device`, came from reachable.
   */
  readonly adapter?: GPUAdapter | undefined;
  /** Used as it is, with the limits and features that it has; never destroyed by the driver. */
  readonly device?: GPUDevice | undefined;
  /** Which adapter to ask `gpu` for, where there are several. */
  readonly powerPreference?: GPUPowerPreference | undefined;
  /**
   * Whether activations may be f16. Default: where the device has `shader-f16`. `true` throws
   * UnsupportedError where it has not.
   */
  readonly f16?: boolean | undefined;
}
