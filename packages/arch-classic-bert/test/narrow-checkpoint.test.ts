import { GenericBackend, type ModelSource, type WeightDType } from "@ripvec/core";
import { narrowWeight, openSafetensors, packBatch, type WeightSource } from "@ripvec/core/arch";
import { type MadeModel, type ModelSpec, makeModel, templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, it } from "vitest";
import { nullDriver } from "../../arch-kit/test/support/null-driver.js";
import { texts } from "../../arch-kit/test/support/run.js";
import { classicBert } from "../src/index.js";
import { run } from "./support/run.js";

const geometry = {
  seed: 15,
  layers: 2,
  hidden: 48,
  heads: 4,
  intermediate: 96,
  vocabSize: 40,
  maxPositions: 24,
};

/**
 * The models have stacked queries, keys and values, cut position tables, projected embeddings, and
 * a module with weights.
 */
const specs: readonly [ModelSpec, ModelSpec, ModelSpec] = [
  { ...geometry, family: "bert", prefix: true },
  { ...geometry, family: "roberta" },
  { ...geometry, family: "electra", embeddingSize: 15, dense: { out: 12, activation: "tanh" } },
];

const batch = texts([6, 1, 22, 3, 11]);

const vectorsOf = async ({ source }: MadeModel, dtype?: WeightDType) =>
  (await run(source, batch, { dtype })).vectors;

/** The model in 8 bits, except for the tensors with `part` in their names. */
function mixed(spec: ModelSpec, part: string): ModelSource {
  const { weights: floats } = makeModel(spec).source;
  const { source } = makeModel({ ...spec, matrixDtype: "i8" });
  const get = (name: string) => (name.includes(part) ? floats : source.weights).get(name);
  return { ...source, weights: { ...source.weights, get } };
}

/** The model as its file holds it. */
function fromFile({ source, files }: MadeModel): MadeModel {
  const bytes = files.get("model.safetensors") ?? new Uint8Array();
  const weights: WeightSource = openSafetensors({
    path: "model.safetensors",
    byteLength: bytes.byteLength,
    read: (from, byteLength) => bytes.subarray(from, from + byteLength),
    local: false,
    hash: async () => "",
  });
  return { files, source: { ...source, weights } };
}

describe.each(specs)("a checkpoint of $family in fewer bits", (spec) => {
  it.each(["f16", "bf16", "i8"] as const)(
    "gives the bits of one in f32 that is loaded with dtype %s",
    async (dtype) => {
      const want = await vectorsOf(makeModel(spec), dtype);
      const narrow = makeModel({ ...spec, matrixDtype: dtype });
      expect(await vectorsOf(narrow, dtype)).toEqual(want);
      expect(await vectorsOf(fromFile(narrow), dtype)).toEqual(want);
      expect(await vectorsOf(makeModel(spec))).not.toEqual(want);
    },
  );

  it("stays in 8 bits if no dtype is asked for", async () => {
    const narrow = fromFile(makeModel({ ...spec, matrixDtype: "i8" }));
    const { loaded, vectors } = await run(narrow.source, batch);
    expect(loaded.weightDtype).toBe("i8");
    expect(vectors).toEqual(await vectorsOf(makeModel(spec), "i8"));
  });

  it("is widened to f32 for a driver without 8 bits", async () => {
    const narrow = fromFile(makeModel({ ...spec, matrixDtype: "i8" }));
    await using driver = templateDriver({ weights: [] });
    const loaded = await classicBert.load(driver, narrow.source, {});
    expect(loaded.weightDtype).toBe("f32");
    const vectors = await driver.run((ops) => loaded.forward(ops, packBatch(batch, "packed")));
    const want = await vectorsOf(narrow, "f32");
    expect([...vectors]).toEqual(want.flatMap((vector) => [...vector]));
  });
});

describe("a checkpoint that is partly in 8 bits", () => {
  const [, , electra] = specs;
  const fingerprintOf = async (model: ModelSource) => {
    const driver = templateDriver();
    await using backend = await GenericBackend.create({ driver, arch: classicBert, model });
    return [backend.weightDtype, await backend.fingerprint()];
  };

  it.each(["layer.0.output.dense", "layer.0.", "layer.1.", "embeddings_project"])(
    "is reported as i8 where %s is in f32",
    async (part) => {
      const model = mixed(electra, part);
      const [dtype, print] = await fingerprintOf(model);
      expect([dtype, print]).toEqual(["i8", expect.stringContaining("/i8 weights/")]);
    },
  );

  it("is reported as i8 where only the projection is in 8 bits", async () => {
    const [dtype] = await fingerprintOf(mixed(electra, "encoder.layer"));
    expect(dtype).toBe("i8");
  });

  it("is in f32 if only its tables are in 8 bits, which every driver reads with the same result", async () => {
    const model = mixed({ ...geometry, family: "bert" }, "encoder.layer");
    expect(await fingerprintOf(model)).toEqual(["f32", expect.not.stringContaining("i8")]);
  });
});

it("a Dense module in 8 bits is kept in f32, so that every driver computes it in the same way", async () => {
  const [, , electra] = specs;
  const { source } = makeModel(electra);
  const modules = source.modules?.map((module) => {
    const { weights } = module;
    if (!weights?.has("linear.weight")) return module;
    const get = (name: string) =>
      name === "linear.weight" ? narrowWeight(weights.get(name), "i8") : weights.get(name);
    return { ...module, weights: { ...weights, get } };
  });
  const { driver, log } = nullDriver();
  const loaded = await classicBert.load(driver, { ...source, modules }, {});
  expect(log.created.filter(([name]) => name === "linear.weight")).toEqual([
    ["linear.weight", "matrix", "f32"],
  ]);
  expect(loaded.weightDtype).toBe("f32");
});
