/** Where the driver finds its device. Of `device`, `adapter` and `gpu` the first one that is given is used. */
export interface WebGpuOptions {
  /** Used instead of `navigator.gpu`, or of the npm package `webgpu` in Node. Kept until the process ends. */
  readonly gpu?: GPU | undefined;
  /**
   * The device is requested from it, with all its limits. An adapter provides one device only. In Node keep a reference to
   * the GPU object that the adapter or the device came from.
   */
  readonly adapter?: GPUAdapter | undefined;
  /** Used as it is, with its limits and features. The driver never destroys it. */
  readonly device?: GPUDevice | undefined;
  /** Which adapter to request from `gpu` if there are several. */
  readonly powerPreference?: GPUPowerPreference | undefined;
  /**
   * Whether activations may be f16. Default: true if the device has `shader-f16`. `true` throws UnsupportedError if it does
   * not. The app chooses their dtype with `activations` of `GenericBackend.create`.
   */
  readonly f16?: boolean | undefined;
}
