import { DeviceError, type Driver } from "@ripvec/core";
import { goldenCases, runGoldenCases } from "./golden-cases.js";
import { goldenValues } from "./golden-values.js";

/** Largest error of a correct device, relative to 1 + |value|: the sum of a few roundings. */
const tolerance = { f32: 2e-5, f16: 2e-2 } as const;

type Checks = Map<"f32" | "f16", Promise<void>>;

const ofDevices = new WeakMap<GPUDevice, Checks>();

/**
 * Compares the results of the device with stored values, once for each device and dtype, because some drivers of GPUs have
 * bugs. Rejects with DeviceError, which names the op. A failed check is repeated for the next driver.
 */
export async function selfCheck(device: GPUDevice, driver: Driver): Promise<void> {
  const checks: Checks = ofDevices.get(device) ?? new Map();
  ofDevices.set(device, checks);
  for (const dtype of driver.capabilities.dtypes) {
    const check = checks.get(dtype) ?? checkOne(driver, dtype);
    checks.set(dtype, check);
    check.catch(() => checks.delete(dtype));
    await check;
  }
}

async function checkOne(driver: Driver, dtype: "f32" | "f16"): Promise<void> {
  compare(driver, dtype, await runGoldenCases(driver, dtype));
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
