import { createDriver, type Driver } from "@ripvec/core";
import { openDevice } from "./device.js";
import { WebGpuDriver } from "./driver.js";
import type { WebGpuOptions } from "./options.js";

/**
 * The WebGPU driver, on `navigator.gpu` in browsers and workers, on the npm package `webgpu` in Node.
 * Throws DriverUnavailableError when there is no WebGPU, adapter or device, and UnsupportedError when
 * `f16` is asked for and the adapter has no shader-f16.
 */
export async function webgpu(options: WebGpuOptions = {}): Promise<Driver> {
  return createDriver(new WebGpuDriver(await openDevice(options)));
}
