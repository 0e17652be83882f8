import { testDriver } from "@ripvec/driver-testkit";
import { afterAll, test } from "vitest";
import { webgpu } from "../src/index.js";
import { describeLane } from "./support/lanes.js";
import { plainDevice } from "./support/plain-device.js";

/** An adapter in software compiles and runs slowly. */
const timeout = 300_000;
/** What such a device changes: how kernels reduce, and that each must know its end. */
const concerned = /^(op|invariance|model)\b/;

describeLane("lavapipe", () => {
  let device: Promise<GPUDevice> | undefined;
  const open = () => {
    device ??= plainDevice("lavapipe");
    return device;
  };
  afterAll(async () => (await device)?.destroy());

  testDriver({
    test: (name, body) => {
      if (concerned.test(name)) test(name, { timeout }, body);
    },
    createDriver: async () => webgpu({ device: await open() }),
  });
});
