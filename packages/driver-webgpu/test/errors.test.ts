import { DriverUnavailableError } from "@ripvec/core";
import { weightView } from "@ripvec/core/driver";
import { expect, test, vi } from "vitest";
import { webgpu } from "../src/index.js";
import { newDevice, openOn } from "./support/drivers.js";
import { describeNodeTargets, targetGpu } from "./support/targets.js";

type AnyDriver = Awaited<ReturnType<typeof webgpu>>;

const twice = (driver: AnyDriver, value: number): Promise<Float32Array> =>
  driver.run((ops) => {
    const x = ops.input(new Float32Array(64).fill(value), [1, 64]);
    const out = ops.alloc("f32", [1, 64]);
    ops.residual_add({ x, residual: x, out });
    return out;
  });

/**
 * A software adapter takes half a minute to compile what a driver needs, and more on a busy
 * machine.
 */
vi.setConfig({ testTimeout: 300_000 });

describeNodeTargets((target) => {
  test("a lost device rejects passes in flight and all later ones; a new driver works", async () => {
    const device = await newDevice(target);
    const { driver } = await openOn(device);
    expect((await twice(driver, 3))[0]).toBe(6);
    const inFlight = [twice(driver, 1), twice(driver, 2)];
    device.destroy();
    for (const pass of await Promise.allSettled(inFlight)) {
      if (pass.status === "rejected") expect(pass.reason).toMatchObject(lost);
    }
    await expect(twice(driver, 4)).rejects.toMatchObject(lost);
    await expect(twice(driver, 5)).rejects.toMatchObject(lost);
    await driver.close();
    const next = await webgpu({ gpu: await targetGpu(target) });
    expect((await twice(next, 3))[0]).toBe(6);
    await next.close();
  });

  test("a validation error reaches the pass that caused it, and no other", async () => {
    const device = await newDevice(target);
    const { driver } = await openOn(device);
    const made: GPUBuffer[] = [];
    const { createBuffer } = device;
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer.call(device, descriptor);
      made.push(buffer);
      return buffer;
    };
    await twice(driver, 1);
    made[0]?.destroy();
    await expect(twice(driver, 2)).rejects.toMatchObject({
      code: "DEVICE",
      message: expect.stringContaining("webgpu: validation error"),
    });
    expect((await twice(driver, 3))[63]).toBe(6);
    await driver.close();
    device.destroy();
  });

  test("a device that cannot hold a weight rejects the passes that need it, with its name", async () => {
    const device = await newDevice(target);
    const { driver } = await openOn(device);
    const { popErrorScope } = device;
    const full = { message: "no memory left" } as GPUOutOfMemoryError;
    let pops = 0;
    device.popErrorScope = async () => {
      const error = await popErrorScope.call(device);
      return pops++ === 0 ? full : error;
    };
    const view = weightView("the large one", [4, 64], new Float32Array(256).fill(1));
    const weight = driver.createTensor(view, "matrix");
    const multiply = (tensor: typeof weight) =>
      driver.run((ops) => {
        const out = ops.alloc("f32", [1, 4]);
        ops.linear({ x: ops.input(new Float32Array(64).fill(1), [1, 64]), weight: tensor, out });
        return out;
      });
    await expect(multiply(weight)).rejects.toMatchObject({
      code: "DEVICE",
      message: expect.stringMatching(/cannot hold the large one .*no memory left/),
    });
    expect(await multiply(driver.createTensor(view, "matrix"))).toEqual(
      new Float32Array(4).fill(64),
    );
    await driver.close();
    device.destroy();
  });

  test("a device that was passed in outlives the driver", async () => {
    const device = await newDevice(target);
    const first = await webgpu({ device });
    expect((await twice(first, 1))[0]).toBe(2);
    await first.close();
    const second = await webgpu({ device });
    expect((await twice(second, 2))[0]).toBe(4);
    await second.close();
    const buffer = device.createBuffer({ size: 16, usage: GPUBufferUsageCopyDst });
    expect(buffer.size).toBe(16);
    device.destroy();
  });

  test("an adapter can be used for one driver, and f16 is refused where it is missing", async () => {
    const gpu = await targetGpu(target);
    const adapter = (await gpu.requestAdapter()) as GPUAdapter;
    const driver = await webgpu({ adapter });
    expect(driver.capabilities).toMatchObject({ isGpu: true, maxInFlight: 4 });
    expect(driver.capabilities.device).toBe(adapter.info.description);
    await expect(webgpu({ adapter })).rejects.toBeInstanceOf(DriverUnavailableError);
    await driver.close();
    const wide = webgpu({ gpu, f16: true });
    if (!adapter.features.has("shader-f16")) {
      await expect(wide).rejects.toMatchObject({ code: "UNSUPPORTED" });
      return;
    }
    expect((await wide).capabilities.dtypes).toContain("f16");
    await (await wide).close();
  });
});

const GPUBufferUsageCopyDst = 0x8;
const lost = { code: "DEVICE", message: expect.stringMatching(/device was lost.*webgpu\(\)/) };

test("without an adapter the error says what was tried", async () => {
  const gpu = { requestAdapter: async () => null } as unknown as GPU;
  await expect(webgpu({ gpu })).rejects.toMatchObject({
    code: "DRIVER_UNAVAILABLE",
    message: expect.stringContaining("requestAdapter (no adapter)"),
  });
});
