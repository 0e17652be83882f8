import type { OpName } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { goldenReference } from "../scripts/golden-reference.mjs";
import { goldenValues } from "../src/golden-values.js";
import { webgpu } from "../src/index.js";
import { selfCheck } from "../src/self-check.js";
import { newDevice, openOn } from "./support/drivers.js";
import { describeNodeTargets } from "./support/targets.js";

test("the stored values are those of the reference", async () => {
  const want = await goldenReference();
  expect(goldenValues).toHaveLength(want.length);
  want.forEach((value, i) => {
    expect(Math.abs(value - (goldenValues[i] ?? Number.NaN))).toBeLessThan(1e-6);
  });
});

/** Mistakes in one kernel each, as a wrong compiler might make them. */
const mistakes: readonly (readonly [op: OpName, from: string, to: string])[] = [
  ["layer_norm", "variance + params.eps", "variance + 100.0 * params.eps"],
  ["linear", "fma(vec4f(l0.w)", "fma(vec4f(l0.z)"],
  ["attention", "key += 32", "key += 64"],
  ["attention", "vec4i(keys) - i32(query)", "i32(query) - vec4i(keys)"],
];

/** Every device compiles all kernels of the check. */
const timeout = 300_000;

/**
 * Makes the device's compiler exchange `from` for `to` in kernels whose name matches, and counts
 * how often it did.
 */
function breakKernels(device: GPUDevice, name: RegExp, from: string, to: string): () => number {
  const { createShaderModule } = device;
  let broken = 0;
  device.createShaderModule = (descriptor) => {
    const isIt = name.test(descriptor.label ?? "") && descriptor.code.includes(from);
    if (isIt) broken++;
    const code = isIt ? descriptor.code.replace(from, to) : descriptor.code;
    return createShaderModule.call(device, { ...descriptor, code });
  };
  return () => broken;
}

const computesWrong = (op: OpName, dtype: "f32" | "f16") => ({
  code: "DEVICE",
  message: expect.stringContaining(`computes ${op} wrong (${dtype})`),
});

describeNodeTargets((target) => {
  test.each(mistakes)(
    "a device that computes %s incorrectly is refused, with the op's name",
    { timeout },
    async (op, from, to) => {
      const device = await newDevice(target);
      const broken = breakKernels(device, new RegExp(`^${op}\\+`), from, to);
      await expect(webgpu({ device })).rejects.toMatchObject(computesWrong(op, "f32"));
      expect(broken()).toBe(1);
      device.destroy();
    },
  );

  test("f16 is checked when a driver first offers it on a device", { timeout }, async ({
    skip,
  }) => {
    const device = await newDevice(target);
    if (!device.features.has("shader-f16")) skip("the adapter lacks shader-f16");
    const broken = breakKernels(
      device,
      /^layer_norm\+.*activation_f16/,
      "1.0 / sqrt(",
      "1.1 / sqrt(",
    );
    await (await webgpu({ device, f16: false })).close();
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(webgpu({ device })).rejects.toMatchObject(computesWrong("layer_norm", "f16"));
    }
    expect(broken()).toBe(1);
    device.destroy();
  });

  test("the check covers the tiles that GPUs get", { timeout }, async () => {
    const device = await newDevice(target);
    const labels: string[] = [];
    const { createShaderModule } = device;
    device.createShaderModule = (descriptor) => {
      labels.push(descriptor.label ?? "");
      return createShaderModule.call(device, descriptor);
    };
    const { driver } = await openOn(device, { isFallback: false });
    await selfCheck(device, driver);
    for (const tile of ["1x4_16x4", "4x4_8x8", "8x8_8x8"]) {
      expect(labels).toContainEqual(expect.stringMatching(`^linear.*_${tile}_`));
    }
    await driver.close();
    device.destroy();
  });
});
