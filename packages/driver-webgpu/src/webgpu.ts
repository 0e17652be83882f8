import type { Driver } from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { openDevice } from "./device.js";
import { WebGpuDriver } from "./driver.js";
import type { DeviceOptions, WebGpuOptions } from "./options.js";
import { selfCheck } from "./self-check.js";

/**
 * Creates the WebGPU driver: on `navigator.gpu` in browsers and workers, on the npm package `webgpu` in Node. Throws
 * DriverUnavailableError if there is no WebGPU, adapter or device, UnsupportedError for `f16: true` on an adapter without
 * shader-f16, and DeviceError, which names the op, if the device computes wrong results.
 */
export async function webgpu(options: WebGpuOptions = {}): Promise<Driver> {
  const open = await openDevice(options as DeviceOptions);
  const driver = createDriver(new WebGpuDriver(open));
  try {
    await selfCheck(open.device, driver);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}
