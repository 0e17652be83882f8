import { GenericBackend } from "@ripvec/core";
import { packBatch } from "@ripvec/core/arch";
import { referenceDriver, templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, it } from "vitest";
import { nullDriver } from "./support/null-driver.js";
import { pool } from "./support/reference.js";
import { largestError, runArch, texts, tolerance } from "./support/run.js";
import { toyArch } from "./support/toy-arch.js";
import { positions, type ToyModel, toyHidden, toyModel } from "./support/toy-model.js";

const encodings = texts([6, 1, positions, 11, 3]);

/** The vectors of the texts on the driver that computes in f64 and rounds its results to f32. */
async function embed({ source }: ToyModel): Promise<Float32Array[]> {
  const driver = referenceDriver();
  await using backend = await GenericBackend.create({ driver, arch: toyArch, model: source });
  return await backend.embedBatch(encodings);
}

const means = (model: ToyModel, wrong = {}) =>
  encodings.map((text) => pool(toyHidden(model, text, wrong), "mean"));

/**
 * Results of order 1 and the tables of RoPE are rounded to f32 (6e-8), and nothing else is rounded.
 */
const rounding = 5e-7;

describe("an architecture of names, config and forward pass", () => {
  it("computes what its definition says", async () => {
    const model = toyModel();
    expect(largestError(await embed(model), means(model))).toBeLessThan(rounding);
  });

  it("computes it in f32 too, on a driver that composes ops", async () => {
    const model = toyModel();
    const { vectors } = await runArch(toyArch, model.source, encodings);
    expect(largestError(vectors, means(model))).toBeLessThan(tolerance);
  });

  it.each([{ window: 6 }, { window: Number.POSITIVE_INFINITY }, { theta: 110 }])(
    "the comparison detects %o",
    async (wrong) => {
      const model = toyModel();
      expect(largestError(await embed(model), means(model, wrong))).toBeGreaterThan(1e-3);
    },
  );

  it("finds its tensors with the prefix of a task head and without it", async () => {
    expect(await embed(toyModel({}, "model."))).toEqual(await embed(toyModel()));
  });

  it("reads fields under the names of several versions", async () => {
    const renamed = { norm_eps: undefined, layer_norm_eps: 1e-4 };
    const nested = { rope_theta: undefined, rope_parameters: { rope_theta: 100 } };
    expect(await embed(toyModel({ ...renamed, ...nested }))).toEqual(await embed(toyModel()));
  });

  it("keeps its activations in f16 if the app asks for it, and its vectors stay close", async () => {
    const model = toyModel();
    const driver = templateDriver({ f16: true });
    const options = { activations: "f16" } as const;
    const { loaded, vectors } = await runArch(toyArch, model.source, encodings, options, driver);
    expect(loaded.activations).toBe("f16");
    const error = largestError(vectors, means(model));
    expect(error).toBeGreaterThan(tolerance);
    // About 20 roundings follow each other, each of 2⁻¹¹ relative to values of order 1.
    expect(error).toBeLessThan(20 * 2 ** -11);
  });

  it("has the properties that its files state", async () => {
    const { driver, log } = nullDriver();
    const { source } = toyModel();
    const model = { ...source, sentenceConfig: { max_seq_length: 9 } };
    const loaded = await toyArch.load(driver, model, { dtype: "i8" });
    expect(loaded).toMatchObject({
      dim: 12,
      maxTokens: 9,
      tokenTypes: 1,
      weightDtype: "i8",
      signature: "toy/layers=3/heads=2/eps=0.0001/mean/raw",
    });
    const matrices = log.created.filter(([, role]) => role === "matrix");
    expect(matrices).toHaveLength(3 * 4);
  });

  it("refuses what its config does not know, before any weight is read", () => {
    const { source } = toyModel({ model_type: "toy2" });
    const { id, config } = source;
    expect(() => toyArch.check?.({ id, config }, {})).toThrow(
      'unsupported model_type "toy2"; supported: toy',
    );
  });

  it("refuses a padded batch", async () => {
    const { driver } = nullDriver();
    const loaded = await toyArch.load(driver, toyModel().source, {});
    const pass = driver.run((ops) => loaded.forward(ops, packBatch(encodings, "padded")));
    await expect(pass).rejects.toThrow("toy takes a packed batch, got a padded one");
  });
});
