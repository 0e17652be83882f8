import { testDriver } from "@ripvec/driver-testkit";
import { openDevice } from "../../../src/device.js";
import { webgpu } from "../../../src/index.js";
import { exposeTests } from "./harness.js";

/**
 * One device for all tests of the kit. Their drivers share its pipelines, which take seconds to
 * compile.
 */
const opened = openDevice({});

exposeTests((test) => {
  test("the driver names the browser's adapter", async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) throw new Error("the browser has no WebGPU adapter");
    const driver = await webgpu();
    try {
      const { vendor, architecture, device, description } = adapter.info;
      const { isGpu, device: words, dtypes } = driver.capabilities;
      console.info(`adapter: ${[vendor, architecture, device, description].join(" | ")}`);
      console.info(`driver: ${words}; ${[...dtypes].join(", ")}`);
      if (!isGpu) throw new Error(`${words} is no GPU`);
    } finally {
      await driver.close();
    }
  });
  testDriver({
    test,
    createDriver: async () => webgpu({ device: (await opened).device }),
    timeoutMs: 180_000,
  });
});
