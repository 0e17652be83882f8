import type { Driver } from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { openDevice } from "./device.js";
import { WebGpuDriver } from "./driver.js";
import type { WebGpuOptions } from "./options.js";
import { selfCheck } from "./self-check.js";

/**
 * The WebGPU driver, on `navigator.gpu` in browsers and workers, on the npm package `webgpu` in Node.
 * Throws DriverUnavailableError when there is no WebGPU, adapter or device, UnsupportedError when `f16` is asked
 * for and the adapter has no shader-f16, and DeviceError that names the op when the device computes wrong.
 */
export async function webgpu(options: WebGpuOptions = {}): Promise<Driver> {
  const open = await openDevice(options);
  const driver = createDriver(new WebGpuDriver(open));
  try {
    await selfCheck(open.device, driver);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}
