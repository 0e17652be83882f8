/**
 * The standard `GPU`, such as `navigator.gpu`. This type and the next two state only what tells such an object from
 * others, so that they take the objects of TypeScript's own DOM types, of `@webgpu/types` and of the npm package `webgpu`,
 * and need none of these.
 */
export interface GpuLike {
  requestAdapter(options?: never): Promise<object | null>;
}

/** The standard `GPUAdapter`. */
export interface GpuAdapterLike {
  readonly features: object;
  readonly limits: object;
  requestDevice(descriptor?: never): Promise<object>;
}

/** The standard `GPUDevice`. */
export interface GpuDeviceLike {
  readonly features: object;
  readonly limits: object;
  readonly queue: object;
  readonly lost: Promise<object>;
  createBuffer(descriptor: never): object;
  createComputePipelineAsync(descriptor: never): Promise<object>;
}

/** Where the driver finds its device. Of `device`, `adapter` and `gpu` the first one that is given is used. */
export interface WebGpuOptions {
  /** Used instead of `navigator.gpu`, or of the npm package `webgpu` in Node. Kept until the process ends. */
  readonly gpu?: GpuLike | undefined;
  /**
   * The device is requested from it, with all its limits. An adapter provides one device only. In Node keep a reference to
   * the GPU object that the adapter or the device came from.
   */
  readonly adapter?: GpuAdapterLike | undefined;
  /** Used as it is, with its limits and features. The driver never destroys it. */
  readonly device?: GpuDeviceLike | undefined;
  /** Which adapter to request from `gpu` if there are several. */
  readonly powerPreference?: "low-power" | "high-performance" | undefined;
  /**
   * Whether activations may be f16. Default: true if the device has `shader-f16`. `true` throws UnsupportedError if it does
   * not. The app chooses their dtype with `activations` of `GenericBackend.create`.
   */
  readonly f16?: boolean | undefined;
}

/** The options with the objects as they are. */
export interface DeviceOptions extends Omit<WebGpuOptions, "gpu" | "adapter" | "device"> {
  readonly gpu?: GPU | undefined;
  readonly adapter?: GPUAdapter | undefined;
  readonly device?: GPUDevice | undefined;
}
