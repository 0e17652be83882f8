import { testDriver } from "@ripvec/driver-testkit";
import { afterAll, test } from "vitest";
import { openOn } from "./support/drivers.js";
import { plainDevice } from "./support/plain-device.js";
import { describeTarget } from "./support/targets.js";

/** A software adapter compiles and runs slowly. */
const timeoutMs = 300_000;
/**
 * The tests of what differs on this device: reductions in workgroup memory, bounds checks of
 * kernels, and the tiles that GPUs get.
 */
const concerned = /^(op|invariance|model)\b/;

describeTarget("lavapipe", () => {
  let device: Promise<GPUDevice> | undefined;
  const open = () => {
    device ??= plainDevice("lavapipe");
    return device;
  };
  afterAll(async () => (await device)?.destroy());

  testDriver({
    test: (name, body, timeout) => {
      if (concerned.test(name)) test(name, { timeout }, body);
    },
    timeoutMs,
    createDriver: async () => (await openOn(await open(), { isFallback: false })).driver,
  });
});
