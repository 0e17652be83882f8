import { GenericBackend } from "@ripvec/core";
import { packBatch } from "@ripvec/core/arch";
import { referenceDriver, templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, it } from "vitest";
import { nullDriver } from "./support/null-driver.js";
import { pool } from "./support/reference.js";
import { largestError, runArch, texts, tolerance } from "./support/run.js";
import { positions, type ToyModel, toyArch, toyHidden, toyModel } from "./support/toy-model.js";

const encodings = texts([6, 1, positions, 11, 3]);

/** The vectors of the texts on the driver that computes in f64 and rounds its results to f32. */
async function embed({ source }: ToyModel): Promise<Float32Array[]> {
  const driver = referenceDriver();
  await using backend = await GenericBackend.create({ driver, arch: toyArch, model: source });
  return await backend.embedBatch(encodings);
}

const means = (model: ToyModel) => encodings.map((text) => pool(toyHidden(model, text), "mean"));

/** testArch runs on the same architecture in apps/create-ripvec-arch. */
describe("an architecture of names, config and forward pass", () => {
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
      signature: "my-arch/layers=3/heads=2/eps=0.0001/theta=100/window=4/mean/raw",
    });
    const matrices = log.created.filter(([, role]) => role === "matrix");
    expect(matrices).toHaveLength(3 * 4);
  });

  it("refuses what its config does not know, before any weight is read", () => {
    const { source } = toyModel({ model_type: "toy2" });
    const { id, config } = source;
    expect(() => toyArch.check?.({ id, config }, {})).toThrow(
      'unsupported model_type "toy2"; supported: my-arch',
    );
  });

  it("refuses a padded batch", async () => {
    const { driver } = nullDriver();
    const loaded = await toyArch.load(driver, toyModel().source, {});
    const pass = driver.run((ops) => loaded.forward(ops, packBatch(encodings, "padded")));
    await expect(pass).rejects.toThrow("my-arch takes a packed batch, got a padded one");
  });
});
