import { testDriver } from "@ripvec/driver-testkit";
import { afterAll, test } from "vitest";
import { openOn } from "./support/drivers.js";
import { plainDevice } from "./support/plain-device.js";
import { describeTarget } from "./support/targets.js";

/** An adapter in software compiles and runs slowly. */
const timeout = 300_000;
/** What differs here: how kernels reduce, that each must know its end, and tiles as GPUs get them. */
const concerned = /^(op|invariance|model)\b/;

describeTarget("lavapipe", () => {
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
    createDriver: async () => (await openOn(await open(), { isFallback: false })).driver,
  });
});
