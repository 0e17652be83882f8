import type { Driver } from "@ripvec/core";
import type { Ops, Tensor } from "@ripvec/core/driver";
import { Random } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { newDevice, openOn, sharedDevice } from "./support/drivers.js";
import { plainDevice } from "./support/plain-device.js";
import { describeTarget, type NodeTarget } from "./support/targets.js";

const lowest = -3.4028234663852886e38;

const opened = async (target: NodeTarget): Promise<Driver> =>
  (await openOn(await sharedDevice(target))).driver;

/** Labels of the modules that a pass of `l2_normalize` makes on a device. */
async function modulesOf(device: GPUDevice): Promise<readonly string[]> {
  const labels: string[] = [];
  const { createShaderModule } = device;
  device.createShaderModule = (descriptor) => {
    labels.push(descriptor.label ?? "");
    return createShaderModule.call(device, descriptor);
  };
  const { driver } = await openOn(device);
  const unit = await driver.run((ops) => {
    const out = ops.alloc("f32", [1, 100]);
    ops.l2_normalize({ x: ops.input(new Float32Array(100).fill(2), [1, 100]), out });
    return out;
  });
  unit.forEach((value) => {
    expect(value).toBeCloseTo(0.1, 6);
  });
  await driver.close();
  device.destroy();
  return labels;
}

for (const target of ["swiftshader", "lavapipe"] satisfies NodeTarget[]) {
  describeTarget(target, () => {
    test("rows are reduced by subgroups where the device has them", async () => {
      expect(await modulesOf(await newDevice(target))).toEqual([
        expect.stringMatching(/^l2_normalize\+enable_subgroups\+.*\+reduce_subgroup$/),
      ]);
      expect(await modulesOf(await plainDevice(target))).toEqual([
        expect.stringMatching(/^l2_normalize\+activation_f32\+.*\+reduce_workgroup$/),
      ]);
    });

    test("a window wider than 32 bits has no effect", async () => {
      const driver = await opened(target);
      const values = Float32Array.from({ length: 3 * 40 }, (_, i) => Math.sin(i));
      const run = (window: number | undefined) =>
        driver.run((ops) => {
          const qkv = ops.input(values, [40, 3]);
          const out = ops.alloc("f32", [40, 1]);
          const layout = ops.layout([40]);
          ops.attention({ qkv, layout, heads: 1, headDim: 1, scale: 1, window, out });
          return out;
        });
      expect(await run(2 ** 33)).toEqual(await run(undefined));
      await driver.close();
    });

    test("a row whose mask is the lowest number everywhere, as in some models, gets equal weights", async () => {
      const driver = await opened(target);
      const got = await driver.run((ops) => {
        const x = ops.input(Float32Array.of(1, 2, 3, 4), [1, 1, 1, 4]);
        const mask = ops.input(new Float32Array(4).fill(lowest), [1, 4]);
        const out = ops.alloc("f32", [1, 1, 1, 4]);
        ops.scale_mask_softmax({ x, mask, scale: 1, out });
        return out;
      });
      expect([...got]).toEqual([0.25, 0.25, 0.25, 0.25]);
      await driver.close();
    });

    test("a query whose biases are all the lowest number gets equal weights, and with −Infinity zeros", async () => {
      const driver = await opened(target);
      const run = (bias: number) =>
        driver.run((ops) => {
          const qkv = ops.input(Float32Array.of(1, 1, 8, 1, 2, 16, 1, 3, 24, 1, 4, 32), [4, 3]);
          const positionBias = ops.input(Float32Array.of(bias), [1, 1]);
          const out = ops.alloc("f32", [4, 1]);
          const shape = { layout: ops.layout([4]), heads: 1, headDim: 1, scale: 1 };
          ops.attention({ qkv, ...shape, positionBias, causal: true, out });
          return out;
        });
      expect([...(await run(lowest))]).toEqual([8, 12, 16, 20]);
      expect([...(await run(Number.NEGATIVE_INFINITY))]).toEqual([0, 0, 0, 0]);
      await driver.close();
    });

    test.each([36, 512, 1036, 4100])(
      "rows of %i columns are normalised to the same bits wherever they start",
      { timeout: 180_000 },
      async (cols) => {
        const driver = await opened(target);
        const shape = [3, cols];
        const values = new Random("places").normals(2 * 3 * cols + cols, 2, 0.5);
        const run = (at: number) =>
          driver.run((ops) => {
            const place = (from: number, dims: readonly number[]): Tensor<"f32"> => {
              const size = dims.reduce((product, dim) => product * dim, 1);
              const whole = ops.alloc("f32", [size + at]);
              const view = ops.slice(whole, at, dims);
              ops.copy({ x: ops.input(values.subarray(from, from + size), dims), out: view });
              return view;
            };
            const [x, residual] = [place(0, shape), place(3 * cols, shape)];
            return normalized(ops, x, residual, place(6 * cols, [cols]));
          });
        const want = await run(0);
        for (const at of [1, 2, 4]) expect(await run(at), `at element ${at}`).toEqual(want);
        await driver.close();
      },
    );
  });
}

/** Computes both norms of three rows, and their sum. */
function normalized(
  ops: Ops,
  x: Tensor<"f32">,
  residual: Tensor<"f32">,
  weight: Tensor<"f32">,
): Tensor<"f32"> {
  const [rows = 0, cols = 0] = x.shape;
  const all = ops.alloc("f32", [3 * rows, cols]);
  const part = (i: number) => ops.slice(all, i * rows * cols, [rows, cols]);
  ops.layer_norm({ x, weight, bias: weight, eps: 1e-6, out: part(0) });
  const more = { weight, eps: 1e-6, sum: part(1), out: part(2) };
  ops.fused_residual_layer_norm({ x, residual, ...more });
  return all;
}
