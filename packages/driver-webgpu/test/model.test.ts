import { classicBert } from "@ripvec/arch-classic-bert";
import {
  type Driver,
  type Encoding,
  GenericBackend,
  openSafetensors,
  type WeightDType,
} from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { makeModel, Random } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { collected } from "../../core/test/support/collected.js";
import { driverOn } from "./support/drivers.js";
import { describeNodeLanes } from "./support/lanes.js";

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

async function embed(driver: Driver, dtype: WeightDType = "f32"): Promise<Float32Array[]> {
  await using backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    dtype,
    maxBatchTokens: 96,
  });
  return await backend.embedBatch(texts());
}

/** A backend whose weights came from one piece of memory, of which nothing else is left. */
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

/** Of 1 − cos, and of the largest difference of an element, from f32 on a CPU. */
const bounds = { f32: { cosine: 1e-6, element: 2e-5 }, f16: { cosine: 1e-5, element: 2e-3 } };

describeNodeLanes((lane) => {
  test.each(["f32", "f16"] as const)(
    "a BERT with weights in %s gives the vectors of driver-cpu, lengths mixed",
    { timeout: 180_000 },
    async (dtype) => {
      const got = await embed(await driverOn(lane), dtype);
      const want = await embed(await cpu());
      want.forEach((vector, i) => {
        const other = got[i] ?? new Float32Array();
        const dot = vector.reduce((sum, value, d) => sum + value * (other[d] ?? Number.NaN), 0);
        const largest = vector.reduce(
          (most, value, d) => Math.max(most, Math.abs(value - (other[d] ?? Number.NaN))),
          0,
        );
        const text = `text ${i} of ${lengths[i]} tokens`;
        expect(1 - dot, `1 − cos, ${text}`).toBeLessThan(bounds[dtype].cosine);
        expect(largest, `${text}: largest difference`).toBeLessThan(bounds[dtype].element);
        if (dtype === "f16") expect(largest, `${text} was computed in f32`).toBeGreaterThan(1e-6);
      });
    },
  );

  test("what a model's weights came from is free once they are on the device", {
    timeout: 180_000,
  }, async () => {
    const { backend, memory } = await fromMemory(await driverOn(lane));
    expect(await collected(memory)).toBe(true);
    expect(await backend.embedBatch(texts())).toHaveLength(lengths.length);
    expect(await backend.fingerprint()).toMatch(/known$/);
    await backend.close();
  });
});
