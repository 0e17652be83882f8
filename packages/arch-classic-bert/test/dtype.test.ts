import { GenericBackend, type ModelSource, type WeightDType } from "@ripvec/core";
import { makeModel, templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, it } from "vitest";
import { nullDriver } from "../../arch-kit/test/support/null-driver.js";
import { texts } from "../../arch-kit/test/support/run.js";
import { classicBert } from "../src/index.js";
import { farthestAngle } from "./support/angle.js";

const geometry = {
  seed: 11,
  layers: 3,
  hidden: 48,
  heads: 4,
  intermediate: 96,
  vocabSize: 40,
  maxPositions: 24,
};

const electra = makeModel({
  ...geometry,
  family: "electra",
  embeddingSize: 16,
  dense: { out: 12, activation: "tanh" },
}).source;
const bert = makeModel({ ...geometry, family: "bert", pooling: "cls" }).source;

const backendOf = (model: ModelSource, dtype?: WeightDType) =>
  GenericBackend.create({ driver: templateDriver(), arch: classicBert, model, dtype });

async function embed(model: ModelSource, dtype?: WeightDType): Promise<Float32Array[]> {
  await using backend = await backendOf(model, dtype);
  return await backend.embedBatch(texts([6, 1, 24, 3, 11]));
}

describe("the dtype of weights", () => {
  it("is that of the encoder's matrices and tables, including the embedding projection", async () => {
    const { driver, log } = nullDriver();
    const loaded = await classicBert.load(driver, electra, { dtype: "i8" });
    expect(loaded.weightDtype).toBe("i8");
    const matrices = log.created.filter(([, role]) => role === "matrix");
    const dense = matrices.filter(([name]) => name === "linear.weight");
    expect(dense.map(([, , dtype]) => dtype)).toEqual(["f32"]);
    const encoder = matrices.filter(([name]) => name !== "linear.weight");
    expect(encoder).toHaveLength(1 + 4 * geometry.layers);
    expect(new Set(encoder.map(([, , dtype]) => dtype))).toEqual(new Set(["i8"]));
    expect(encoder.some(([name]) => name.includes("embeddings_project"))).toBe(true);
    const dtypesOf = (role: string) =>
      new Set(log.created.filter((each) => each[1] === role).map(([, , dtype]) => dtype));
    expect(dtypesOf("table")).toEqual(new Set(["i8"]));
    expect(dtypesOf("vector")).toEqual(new Set(["f32"]));
  });

  it("is f32 by default", async () => {
    const { driver, log } = nullDriver();
    const loaded = await classicBert.load(driver, bert, {});
    expect(loaded.weightDtype).toBe("f32");
    expect(new Set(log.created.map(([, , dtype]) => dtype))).toEqual(new Set(["f32"]));
    expect(await embed(bert, "f32")).toEqual(await embed(bert));
  });

  it.each([
    ["f16", 1e-9, 1e-6],
    ["bf16", 1e-7, 1e-4],
    ["i8", 1e-6, 5e-3],
  ] as const)("%s moves vectors by 1 − cos of %f to %f", async (dtype, least, most) => {
    for (const model of [bert, electra]) {
      const found = farthestAngle(await embed(model, dtype), await embed(model));
      expect(found).toBeGreaterThan(least);
      expect(found).toBeLessThan(most);
    }
  });

  it("shows in the fingerprint, unless it is f32", async () => {
    const print = async (dtype?: WeightDType) => {
      await using backend = await backendOf(bert, dtype);
      return await backend.fingerprint();
    };
    const prints = [await print(), await print("f16"), await print("bf16"), await print("i8")];
    expect(new Set(prints).size).toBe(4);
    expect(prints[3]).toContain("/i8 weights/");
    expect(await print("f32")).toBe(prints[0]);
  });
});
