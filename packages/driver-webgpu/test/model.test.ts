import { classicBert } from "@ripvec/arch-classic-bert";
import {
  type Driver,
  type Encoding,
  GenericBackend,
  type ModelSource,
  type WeightDType,
} from "@ripvec/core";
import { openSafetensors, toF32 } from "@ripvec/core/arch";
import { narrowWeight, weightView } from "@ripvec/core/driver";
import { cpu } from "@ripvec/driver-cpu";
import { makeModel, Random } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { collected } from "../../core/test/support/collected.js";
import { driverOn } from "./support/drivers.js";
import { describeNodeTargets } from "./support/targets.js";

const spec = {
  family: "bert",
  seed: 4,
  layers: 3,
  hidden: 96,
  heads: 4,
  intermediate: 200,
  vocabSize: 300,
  maxPositions: 96,
  pooling: "mean",
  normalize: true,
} as const;

const { source: model } = makeModel(spec);

const lengths = [5, 1, 64, 33, 90, 2, 17];

function texts(): Encoding[] {
  const random = new Random("model parity");
  return lengths.map((length) => ({ inputIds: random.integers(length, 300) }));
}

/** The model whose matrices and tables were rounded to `dtype` and widened to f32. */
function widened(dtype: WeightDType): ModelSource {
  const { weights } = model;
  return {
    ...model,
    weights: {
      path: weights.path,
      names: weights.names,
      has: (name) => weights.has(name),
      hash: () => weights.hash(),
      get(name) {
        const view = weights.get(name);
        if (view.shape.length !== 2) return view;
        return weightView(name, view.shape, toF32(narrowWeight(view, dtype)));
      },
    },
  };
}

async function embed(
  driver: Driver,
  model: ModelSource,
  dtype: WeightDType = "f32",
): Promise<Float32Array[]> {
  await using backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    dtype,
    maxBatchTokens: 96,
  });
  return await backend.embedBatch(texts());
}

/** A backend whose weights came from one block of memory, to which no other reference is left. */
async function fromMemory(
  driver: Driver,
): Promise<{ readonly backend: GenericBackend; readonly memory: WeakRef<object> }> {
  const file = makeModel(spec).files.get("model.safetensors") ?? new Uint8Array();
  const weights = openSafetensors({
    path: "model.safetensors",
    byteLength: file.byteLength,
    local: false,
    read: (from, byteLength) => file.subarray(from, from + byteLength),
    hash: async () => "known",
  });
  const options = { driver, arch: classicBert, model: { ...model, weights } };
  const backend = await GenericBackend.create(options);
  return { backend, memory: new WeakRef(file.buffer) };
}

/**
 * The largest difference of an element of a unit vector from f32 on a CPU with the same weights,
 * caused by the roundings of three layers.
 */
const rounding = 2e-5;
/**
 * The least change that fewer bits cause. A smaller one means that a weight was not kept in them.
 */
const leastChange: Readonly<Record<WeightDType, number>> = {
  f32: 0,
  f16: 2e-5,
  bf16: 2e-4,
  i8: 2e-4,
};

function farthest(got: Float32Array | undefined, want: Float32Array): number {
  return want.reduce((most, value, d) => {
    return Math.max(most, Math.abs(value - (got?.[d] ?? Number.NaN)));
  }, 0);
}

describeNodeTargets((target) => {
  test.each(["f32", "f16", "bf16", "i8"] as const)(
    "a BERT with weights in %s gives the vectors of driver-cpu with the same weights",
    { timeout: 300_000 },
    async (dtype) => {
      const got = await embed(await driverOn(target), model, dtype);
      const want = await embed(await cpu(), widened(dtype));
      const original = await embed(await cpu(), model);
      got.forEach((vector, i) => {
        const text = `text ${i} of ${lengths[i]} tokens`;
        expect(farthest(vector, want[i] as Float32Array), text).toBeLessThan(rounding);
        const change = farthest(vector, original[i] as Float32Array);
        if (dtype !== "f32")
          expect(change, `${text}: ${dtype}`).toBeGreaterThan(leastChange[dtype]);
      });
      expect(got).toHaveLength(lengths.length);
    },
  );

  test("the memory that a model's weights came from can be freed once they are on the device", {
    timeout: 180_000,
  }, async () => {
    const { backend, memory } = await fromMemory(await driverOn(target));
    expect(await collected(memory)).toBe(true);
    expect(await backend.embedBatch(texts())).toHaveLength(lengths.length);
    expect(await backend.fingerprint()).toMatch(/known$/);
    await backend.close();
  });
});
