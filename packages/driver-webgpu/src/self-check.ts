import { DeviceError, type Driver } from "@ripvec/core";
import { goldenCases, runGoldenCases } from "./golden-cases.js";
import { goldenValues } from "./golden-values.js";

/** Largest error of a right device, relative to 1 + |value|: sums of a few roundings. */
const tolerance = { f32: 2e-5, f16: 2e-2 } as const;

const checks = new WeakMap<GPUDevice, Promise<void>>();

/**
 * Compares what the device computes with stored values, once for a device, since drivers of real GPUs are wrong now
 * and then. Rejects with DeviceError that names the op.
 */
export function selfCheck(device: GPUDevice, driver: Driver): Promise<void> {
  const check = checks.get(device) ?? checkAll(driver);
  checks.set(device, check);
  return check;
}

async function checkAll(driver: Driver): Promise<void> {
  for (const dtype of driver.capabilities.dtypes) {
    compare(driver, dtype, await runGoldenCases(driver, dtype));
  }
}

function compare(driver: Driver, dtype: "f32" | "f16", got: Float32Array): void {
  let start = 0;
  for (const { op, size } of goldenCases) {
    for (let i = 0; i < size; i++) {
      const want = goldenValues[start + i] ?? Number.NaN;
      const value = got[start + i] ?? Number.NaN;
      if (Math.abs(value - want) <= tolerance[dtype] * (1 + Math.abs(want))) continue;
      throw new DeviceError(
        driver.name,
        `${driver.capabilities.device} computes ${op} wrong (${dtype}): element ${i} of the self-check is ${value}, expected ${want}. Update the driver of the GPU, or use another device.`,
      );
    }
    start += size;
  }
}
