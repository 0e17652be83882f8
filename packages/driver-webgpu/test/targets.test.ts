import { expect, test } from "vitest";
import { askedTargets, describeTarget, type NodeTarget, targetGpu } from "./support/targets.js";

test("a target of an unknown name is refused", () => {
  expect([...askedTargets(" lavapipe,,chromium ")]).toEqual(["lavapipe", "chromium"]);
  expect(() => askedTargets("lavapipe,metal")).toThrow(/metal; targets are lavapipe, /);
});

const adapters: Record<NodeTarget, { device: RegExp; features: readonly GPUFeatureName[] }> = {
  lavapipe: { device: /llvmpipe/, features: ["shader-f16", "subgroups"] },
  swiftshader: { device: /SwiftShader/, features: ["subgroups"] },
  system: { device: /./, features: [] },
};

for (const [target, wanted] of Object.entries(adapters)) {
  describeTarget(target as NodeTarget, () => {
    test("has the adapter it is named after", async () => {
      const adapter = await (await targetGpu(target as NodeTarget)).requestAdapter();
      const { vendor, architecture, device, description } = adapter?.info ?? {};
      console.info(`${target}: ${[vendor, architecture, device, description].join(" | ")}`);
      expect(description).toMatch(wanted.device);
      expect([...(adapter?.features ?? [])]).toEqual(expect.arrayContaining([...wanted.features]));
    });
  });
}
