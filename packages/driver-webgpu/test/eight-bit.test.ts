import type { Driver, WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import {
  narrowWeight,
  type Tensor,
  type TensorRole,
  type WeightView,
  weightView,
} from "@ripvec/core/driver";
import { Random } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { openOn, sharedDevice } from "./support/drivers.js";
import { eightBitView } from "./support/eight-bit-view.js";
import { nullDevice } from "./support/null-device.js";
import { describeDawn, describeNodeTargets } from "./support/targets.js";

const [rows, outputs] = [7, 19];
const random = new Random("eight bits");
const bias = random.normals(outputs);

interface Operands {
  readonly inner: number;
  readonly x: Float32Array;
  readonly matrix: WeightView;
}

function operands(inner: number): Operands {
  const matrix = weightView("matrix", [outputs, inner], random.normals(outputs * inner, 0.05));
  return { inner, x: random.normals(rows * inner), matrix };
}

/** Computes x · matrixᵀ by `linear` with a bias, and by `gemm`. */
async function products(driver: Driver, { inner, x, matrix }: Operands): Promise<Float32Array> {
  const weight = driver.createTensor(matrix, "matrix", { dtype: "i8" });
  const vector = driver.createTensor(weightView("bias", [outputs], bias), "vector");
  const result = await driver.run((ops) => {
    const left = ops.input(x, [rows, inner]);
    const out = ops.alloc("f32", [2 * rows, outputs]);
    const [one, other] = [0, 1].map((i) => ops.slice(out, i * rows * outputs, [rows, outputs]));
    if (one) ops.linear({ x: left, weight, bias: vector as Tensor<"f32">, out: one });
    if (other) ops.gemm({ a: left, b: weight, transposeB: true, out: other });
    return out;
  });
  driver.releaseTensor(weight);
  driver.releaseTensor(vector);
  return result;
}

/**
 * The same products in f64, and the largest error that rounding the sums of each term in f32 may
 * cause.
 */
function exactly({ inner, x, matrix }: Operands): readonly { want: number; allowed: number }[] {
  const weights = toF32(narrowWeight(matrix, "i8"));
  const terms = Array.from({ length: rows * outputs }, (_, i) => {
    const [row, col] = [Math.floor(i / outputs), i % outputs];
    return Array.from({ length: inner }, (_, k) => {
      return (x[row * inner + k] ?? Number.NaN) * (weights[col * inner + k] ?? Number.NaN);
    });
  });
  return [true, false].flatMap((isBiased) =>
    terms.map((list, i) => {
      const shift = isBiased ? (bias[i % outputs] ?? Number.NaN) : 0;
      const all = [...list, shift];
      const sum = all.reduce((total, term) => total + term, 0);
      const magnitude = all.reduce((total, term) => total + Math.abs(term), 0);
      return { want: sum, allowed: (inner + 3) * 2 ** -24 * magnitude };
    }),
  );
}

const wrongScales = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.25];

describeNodeTargets((target) => {
  test.each([1, 3, 36, 37, 385])(
    "a product with a matrix [19, %i] in 8 bits is that of the widened matrix",
    { timeout: 300_000 },
    async (inner) => {
      const { driver } = await openOn(await sharedDevice(target));
      const all = operands(inner);
      const got = await products(driver, all);
      exactly(all).forEach(({ want, allowed }, i) => {
        const difference = Math.abs((got[i] ?? Number.NaN) - want);
        expect(difference, `element ${i}`).toBeLessThanOrEqual(allowed);
      });
      const own = await products(driver, { ...all, matrix: narrowWeight(all.matrix, "i8") });
      expect(own, "of a view in 8 bits").toEqual(got);
      await driver.close();
    },
  );

  test("NaN and infinity affect only their own row, and every scale is used, 0 too", {
    timeout: 300_000,
  }, async () => {
    const { driver } = await openOn(await sharedDevice(target));
    const inner = 36;
    const values = Int8Array.from({ length: outputs * inner }, (_, i) => ((i * 89) % 256) - 128);
    const scales = Float32Array.from({ length: outputs }, (_, r) => (r % 5) * 2 ** -(r % 3));
    const right = { ...operands(inner), matrix: eightBitView("matrix", values, scales) };
    const want = await products(driver, right);
    expect(Array.from(want.subarray(rows * outputs, rows * outputs + 6), (v) => v === 0)).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
    exactly(right).forEach(({ want: exact, allowed }, i) => {
      expect(Math.abs((want[i] ?? Number.NaN) - exact)).toBeLessThanOrEqual(allowed);
    });
    const x = right.x.slice();
    x.set([Number.NaN], 2 * inner + 5);
    x.set([Number.POSITIVE_INFINITY], 4 * inner);
    const got = await products(driver, { ...right, x });
    got.forEach((value, i) => {
      const row = Math.floor(i / outputs) % rows;
      if (row === 2 || row === 4) expect(Number.isFinite(value), `element ${i}`).toBe(false);
      else expect(value, `element ${i}`).toBe(want[i]);
    });
    await driver.close();
  });
});

/**
 * Runs `action` on a device that computes nothing. Returns the bytes of the buffers that it
 * creates.
 */
async function bytesMade(action: (driver: Driver) => void): Promise<number> {
  const device = await nullDevice();
  const { driver } = await openOn(device);
  const sizes: number[] = [];
  const { createBuffer } = device;
  device.createBuffer = (descriptor) => {
    sizes.push(descriptor.size);
    return createBuffer.call(device, descriptor);
  };
  try {
    action(driver);
    return sizes.reduce((sum, size) => sum + size, 0);
  } finally {
    await driver.close();
    device.destroy();
  }
}

describeDawn(() => {
  test.each(["matrix", "table"] as const)("a %s in fewer bits takes less memory", async (role) => {
    const view = weightView("large", [512, 385], new Random("large").normals(512 * 385));
    const bytes = (dtype: WeightDType) =>
      bytesMade((driver) => driver.createTensor(view, role, { dtype }));
    const values = 512 * 385;
    expect(await bytes("f32")).toBe(4 * values);
    expect(await bytes("f16")).toBe(2 * values);
    expect(await bytes("bf16")).toBe(2 * values);
    expect(await bytes("i8"), "a byte a value, and a scale a row").toBe(values + 4 * 512);
  });

  test.each(
    wrongScales.flatMap((scale) => (["matrix", "table"] as const).map((role) => ({ scale, role }))),
  )("a scale of $scale of a $role is refused before creation", async ({ scale, role }) => {
    const scales = new Float32Array(9).fill(0.5);
    scales[6] = scale;
    const view = eightBitView("layer.weight", new Int8Array(9 * 5).fill(3), scales);
    const made = await bytesMade((driver) => {
      expect(() => driver.createTensor(view, role satisfies TensorRole)).toThrow(
        expect.objectContaining({
          code: "MODEL_FILE",
          tensor: "layer.weight_scale",
          message: expect.stringContaining(`the scale of row 6 is ${scale}`),
        }),
      );
    });
    expect(made).toBe(0);
  });
});
