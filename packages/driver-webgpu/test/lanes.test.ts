import { expect, test } from "vitest";
import { askedLanes, describeLane, laneGpu, type NodeLane } from "./support/lanes.js";

test("a lane of an unknown name is refused", () => {
  expect([...askedLanes(" lavapipe,,chromium ")]).toEqual(["lavapipe", "chromium"]);
  expect(() => askedLanes("lavapipe,metal")).toThrow(/metal; lanes are lavapipe, /);
});

const adapters: Record<NodeLane, { device: RegExp; features: readonly GPUFeatureName[] }> = {
  lavapipe: { device: /llvmpipe/, features: ["shader-f16", "subgroups"] },
  swiftshader: { device: /SwiftShader/, features: ["subgroups"] },
  system: { device: /./, features: [] },
};

for (const [lane, wanted] of Object.entries(adapters)) {
  describeLane(lane as NodeLane, () => {
    test("has the adapter it is named after", async () => {
      const adapter = await (await laneGpu(lane as NodeLane)).requestAdapter();
      const { vendor, architecture, device, description } = adapter?.info ?? {};
      console.info(`${lane}: ${[vendor, architecture, device, description].join(" | ")}`);
      expect(description).toMatch(wanted.device);
      expect([...(adapter?.features ?? [])]).toEqual(expect.arrayContaining([...wanted.features]));
    });
  });
}
