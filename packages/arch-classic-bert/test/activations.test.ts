import { type ActivationDType, GenericBackend, type ModelSource } from "@ripvec/core";
import { packBatch } from "@ripvec/core/arch";
import { type ModelSpec, makeModel, templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, it } from "vitest";
import { type DriverLog, nullDriver } from "../../arch-kit/test/support/null-driver.js";
import { texts } from "../../arch-kit/test/support/run.js";
import { classicBert } from "../src/index.js";
import { farthestAngle } from "./support/angle.js";
import { type Overflow, overflows } from "./support/overflows.js";

const geometry = {
  seed: 12,
  layers: 3,
  hidden: 48,
  heads: 4,
  intermediate: 96,
  vocabSize: 40,
  maxPositions: 24,
} as const;

/** Every family, every activation function of the encoder, and every kind of module after it. */
const specs: readonly ModelSpec[] = [
  { ...geometry, family: "bert", pooling: "cls", normalize: true },
  { ...geometry, family: "roberta", pooling: "mean", act: "gelu_new" },
  { ...geometry, family: "distilbert", pooling: "last" },
  { ...geometry, family: "electra", embeddingSize: 16, dense: { out: 12, activation: "tanh" } },
  { ...geometry, family: "bert", act: "silu" },
  { ...geometry, family: "bert", act: "sigmoid" },
  { ...geometry, family: "bert", act: "tanh" },
  { ...geometry, family: "bert", act: "linear" },
];

const backendOf = (model: ModelSource, activations?: ActivationDType) =>
  GenericBackend.create({
    driver: templateDriver({ f16: true }),
    arch: classicBert,
    model,
    activations,
  });

async function embed(model: ModelSource, activations?: ActivationDType): Promise<Float32Array[]> {
  await using backend = await backendOf(model, activations);
  return await backend.embedBatch(texts([6, 1, 20, 3, 11]));
}

async function embedOverflow(
  { source, pooling }: Overflow,
  activations: ActivationDType,
): Promise<Float32Array[]> {
  const driver = templateDriver({ f16: true });
  const options = { driver, arch: classicBert, model: source, pooling, activations };
  await using backend = await GenericBackend.create(options);
  return await backend.embedBatch(texts([9]));
}

async function record(model: ModelSource, activations?: ActivationDType): Promise<DriverLog> {
  const { driver, log } = nullDriver();
  const loaded = await classicBert.load(driver, model, { activations });
  await driver.run((ops) => loaded.forward(ops, packBatch(texts([5, 1, 9]), "packed")));
  return log;
}

describe("the dtype of activations", () => {
  it.each(specs)("f16 changes the vectors of $family with $act by 1 − cos ≤ 1e-5", async (spec) => {
    const { source } = makeModel(spec);
    const vectors = await embed(source, "f16");
    const found = farthestAngle(vectors, await embed(source, "f32"));
    expect(found).toBeLessThan(1e-5);
    // Rounding to f16 is visible; rounding to f32 would be below this bound.
    expect(found).toBeGreaterThan(1e-9);
  });

  it("is that of the encoder: what follows it is f32, and so is the default", async () => {
    const { source } = makeModel({ ...geometry, family: "bert", normalize: true });
    const [byDefault, f32, f16] = [
      await record(source),
      await record(source, "f32"),
      await record(source, "f16"),
    ];
    expect(byDefault).toEqual(f32);
    expect(f16.peakBytes).toBe(f32.peakBytes / 2);
    expect(f32.kernels.slice(-2)).toEqual(["mean_pool", "l2_normalize"]);
    expect(f16.kernels).toEqual(f32.kernels.toSpliced(-2, 0, "convert"));
    expect(f16.created).toEqual(f32.created);
  });

  it("shows in the fingerprint and in the backend", async () => {
    const { source } = makeModel({ ...geometry, family: "bert" });
    const prints = new Map<ActivationDType | undefined, string>();
    for (const activations of ["f32", "f16", undefined] as const) {
      await using backend = await backendOf(source, activations);
      expect(backend.activations).toBe(activations ?? "f32");
      prints.set(activations, await backend.fingerprint());
    }
    expect(prints.get("f32")).toBe(prints.get(undefined));
    expect(prints.get("f16")).toBe(prints.get("f32")?.replace("/f32/", "/f16/"));
    expect(prints.get("f16")).not.toBe(prints.get("f32"));
  });

  const possible = overflows.filter(({ isOptional = false }) => !isOptional);
  it.each(possible)("a text is rejected where f16 cannot hold: $place", async (overflow) => {
    const [vector = new Float32Array()] = await embedOverflow(overflow, "f32");
    expect(vector.every(Number.isFinite)).toBe(true);
    await expect(embedOverflow(overflow, "f16")).rejects.toMatchObject({
      name: "NotFiniteError",
      message: expect.stringMatching(/beyond 65,504.*activations: "f32"$/),
    });
  });
});
