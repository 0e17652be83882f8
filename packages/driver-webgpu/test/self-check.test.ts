import type { OpName } from "@ripvec/core";
import { expect, test } from "vitest";
import { goldenReference } from "../scripts/golden-reference.mjs";
import { goldenValues } from "../src/golden-values.js";
import { webgpu } from "../src/index.js";
import { newDevice } from "./support/drivers.js";
import { describeLane, type NodeLane } from "./support/lanes.js";

test("the stored values are those of the reference", async () => {
  const want = await goldenReference();
  expect(goldenValues).toHaveLength(want.length);
  want.forEach((value, i) => {
    expect(Math.abs(value - (goldenValues[i] ?? Number.NaN))).toBeLessThan(1e-6);
  });
});

/** A mistake in one kernel each, as a wrong compiler might make it. */
const mistakes: readonly (readonly [op: OpName, from: string, to: string])[] = [
  ["layer_norm", "variance + params.eps", "variance + 100.0 * params.eps"],
  ["linear", "fma(l.w, r.w", "fma(l.z, r.w"],
];

const lane: NodeLane = "swiftshader";
/** Every device compiles all kernels of the check. */
const timeout = 300_000;

describeLane(lane, () => {
  test.each(mistakes)(
    "a device that computes %s wrong is refused, with the op's name",
    { timeout },
    async (op, from, to) => {
      const device = await newDevice(lane);
      const { createShaderModule } = device;
      let broken = 0;
      device.createShaderModule = (descriptor) => {
        const isIt = descriptor.label?.startsWith(`${op}+`) && descriptor.code.includes(from);
        if (isIt) broken++;
        const code = isIt ? descriptor.code.replace(from, to) : descriptor.code;
        return createShaderModule.call(device, { ...descriptor, code });
      };
      await expect(webgpu({ device })).rejects.toMatchObject({
        code: "DEVICE",
        message: expect.stringContaining(`computes ${op} wrong (f32)`),
      });
      expect(broken).toBe(1);
      device.destroy();
    },
  );
});
