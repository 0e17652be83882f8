import type { Driver } from "@ripvec/core";
import { weightView } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { collected } from "../../core/test/support/collected.js";
import { findGpu } from "../src/find-gpu.js";
import { webgpu } from "../src/index.js";
import { openOn } from "./support/drivers.js";
import { leave, nullDevice } from "./support/null-device.js";
import { describeDawn } from "./support/targets.js";

const mebibyte = 1 << 20;

/** A pass whose first tensor has `bytes` bytes, `resultBytes` of which are the result. */
function pass(driver: Driver, bytes: number, resultBytes = 256): Promise<Float32Array> {
  return driver.run((ops) => {
    const out = ops.alloc("f32", [bytes / 4]);
    const x = ops.input(new Float32Array(64), [64]);
    ops.copy({ x, out: ops.slice(out, 0, [64]) });
    return ops.slice(out, 0, [resultBytes / 4]);
  });
}

/** The outcome of each pass: "ok" or the message of its error. */
async function outcomes(passes: readonly Promise<Float32Array>[]): Promise<string[]> {
  const settled = await Promise.allSettled(passes);
  return settled.map((one) => (one.status === "fulfilled" ? "ok" : String(one.reason)));
}

const noRoom = expect.stringContaining("DeviceError: webgpu: out-of-memory error");

describeDawn(() => {
  test("a pass that the device cannot hold is rejected, and those in flight with it are not", async () => {
    const device = await nullDevice();
    const { driver } = await openOn(device);
    leave(device, 64 * mebibyte);
    const passes = [256, 100 * mebibyte, 256, 512].map((bytes) => pass(driver, bytes));
    expect(await outcomes(passes)).toEqual(["ok", noRoom, "ok", "ok"]);
    expect(await outcomes([pass(driver, 32 * mebibyte)])).toEqual(["ok"]);
    await driver.close();
    device.destroy();
  });

  test("a pass whose result the device cannot hold is rejected too", async () => {
    const device = await nullDevice();
    const { driver } = await openOn(device);
    leave(device, 64 * mebibyte);
    const large = 40 * mebibyte;
    const passes = [pass(driver, large), pass(driver, large, large), pass(driver, large)];
    expect(await outcomes(passes)).toEqual(["ok", noRoom, "ok"]);
    await driver.close();
    device.destroy();
  });

  test("a weight that the device cannot hold leaves none of its parts", async () => {
    const device = await nullDevice();
    const { driver } = await openOn(device, { maxBindingBytes: 16 * mebibyte });
    leave(device, 64 * mebibyte);
    const table = (mebibytes: number) => {
      const shape = [mebibytes * 256, 1024];
      const values = new Float32Array(mebibytes * 256 * 1024);
      return driver.createTensor(weightView(`of ${mebibytes} MiB`, shape, values), "table");
    };
    const lookup = (weight: ReturnType<typeof table>) =>
      driver.run((ops) => {
        const out = ops.alloc("f32", [1, 1024]);
        ops.embedding_lookup({ table: weight, ids: ops.input(Int32Array.of(0), [1]), out });
        return out;
      });
    const large = table(80);
    await expect(lookup(large)).rejects.toThrow(/cannot hold of 80 MiB \(80\.0 MiB\): Out of/);
    expect(await lookup(table(48))).toHaveLength(1024);
    driver.releaseTensor(large);
    await driver.close();
    device.destroy();
  });

  test("a weight whose upload fails leaves the device's error scopes as they were", async () => {
    const device = await nullDevice();
    const { driver } = await openOn(device);
    const full = new RangeError("the host has no memory");
    device.queue.writeBuffer = () => {
      throw full;
    };
    const view = weightView("w", [4], new Float32Array(4));
    expect(() => driver.createTensor(view, "vector")).toThrow(full);
    await expect(device.popErrorScope()).rejects.toThrow();
    await driver.close();
    device.destroy();
  });

  test("an error of one pass affects no other pass in flight", async () => {
    const device = await nullDevice();
    const { driver } = await openOn(device);
    await pass(driver, 256);
    const { createCommandEncoder } = device;
    let encoders = 0;
    device.createCommandEncoder = () => {
      const encoder = createCommandEncoder.call(device);
      if (encoders++ === 1) encoder.pushDebugGroup("is never popped");
      return encoder;
    };
    const refused = expect.stringContaining("DeviceError: webgpu: validation error");
    const passes = [1, 2, 3, 4].map(() => pass(driver, 256));
    expect(await outcomes(passes)).toEqual(["ok", refused, "ok", "ok"]);
    expect(await outcomes([pass(driver, 256)])).toEqual(["ok"]);
    await driver.close();
    device.destroy();
  });

  test("a result that cannot be read rejects its pass, and is no unhandled rejection before that", async () => {
    const device = await nullDevice();
    const { createBuffer, popErrorScope } = device;
    device.popErrorScope = async () => {
      const error = await popErrorScope.call(device);
      await new Promise((resolve) => setTimeout(resolve, 150));
      return error;
    };
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer.call(device, descriptor);
      buffer.mapAsync = async () => {
        throw new Error("mapping failed");
      };
      return buffer;
    };
    const { driver } = await openOn(device);
    // Until the pass has rejected, Node would treat the rejection as unhandled, and vitest would
    // report it.
    await expect(pass(driver, 256)).rejects.toMatchObject({
      code: "DEVICE",
      message: expect.stringContaining("the result cannot be read: mapping failed"),
    });
    await driver.close();
    device.destroy();
  });

  test("a pipeline that could not be created is compiled again for the next pass", async () => {
    const device = await nullDevice();
    const { createComputePipelineAsync } = device;
    device.createComputePipelineAsync = async () => {
      device.createComputePipelineAsync = createComputePipelineAsync;
      throw new Error("the compiler has no memory");
    };
    const { driver } = await openOn(device);
    const wanted = /kernel copy cannot be compiled: the compiler has no memory/;
    await expect(pass(driver, 256)).rejects.toThrow(wanted);
    expect(await pass(driver, 256)).toHaveLength(64);
    await driver.close();
    device.destroy();
  });

  test("an error in the text of a kernel is reported with its cause", async () => {
    const device = await nullDevice();
    const { createShaderModule } = device;
    device.createShaderModule = (descriptor) =>
      createShaderModule.call(device, { ...descriptor, code: `${descriptor.code}\nunknown_word;` });
    const { driver } = await openOn(device);
    await expect(pass(driver, 256)).rejects.toThrow(
      /kernel copy cannot be compiled: .*unknown_word/s,
    );
    await driver.close();
    device.destroy();
  });

  test("a lost device is refused", async () => {
    const device = await nullDevice();
    device.destroy();
    await device.lost;
    await expect(webgpu({ device })).rejects.toMatchObject({
      code: "DRIVER_UNAVAILABLE",
      message: expect.stringMatching(/passed in \(lost: .*new device/),
    });
  });

  test("drivers that are created at the same time share one GPU object of Node", async () => {
    const [one, other] = await Promise.all([findGpu(), findGpu()]);
    expect(one).toBe(other);
  });

  test("the GPU object of a device is kept, because Dawn fails without it", async () => {
    const open = async () => {
      const gpu = { requestAdapter: async () => null } as unknown as GPU;
      await webgpu({ gpu }).catch(() => {});
      return { ofDriver: new WeakRef(gpu), other: new WeakRef({}) };
    };
    const { ofDriver, other } = await open();
    expect(await collected(other)).toBe(true);
    expect(ofDriver.deref()).toBeDefined();
  });
});
