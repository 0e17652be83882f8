import type { ArchOptions, ModelSource } from "@ripvec/core";
import { type OpName, packBatch } from "@ripvec/core/arch";
import { describe, expect, it } from "vitest";
import { type DriverLog, nullDriver } from "../../arch-kit/test/support/null-driver.js";
import { texts } from "../../arch-kit/test/support/run.js";
import { classicBert } from "../src/index.js";
import { tinyModel } from "./support/tiny-model.js";

async function record(source: ModelSource, options: ArchOptions = {}): Promise<DriverLog> {
  const { driver, log } = nullDriver();
  const model = await classicBert.load(driver, source, options);
  await driver.run((ops) => model.forward(ops, packBatch(texts([5, 1, 9]), "packed")));
  return log;
}

const layer: readonly OpName[] = [
  "linear",
  "attention",
  "linear",
  "fused_residual_layer_norm",
  "linear",
  "linear",
  "fused_residual_layer_norm",
];

describe("what a pass records", () => {
  it("is seven kernels a layer between embeddings and pooling", async () => {
    const { source } = tinyModel({ family: "bert", layers: 3 });
    const { kernels } = await record(source, { pooling: "cls", normalize: true });
    expect(kernels).toEqual([
      "embedding_lookup",
      "add_embeddings",
      "add_embeddings",
      "layer_norm",
      ...layer,
      ...layer,
      ...layer,
      "cls_pool",
      "l2_normalize",
    ]);
  });

  it("adds no token types if the family has none", async () => {
    const { source } = tinyModel({ family: "distilbert", layers: 1 });
    const { kernels } = await record(source);
    expect(kernels.slice(0, 3)).toEqual(["embedding_lookup", "add_embeddings", "layer_norm"]);
    expect(kernels.slice(3)).toEqual([...layer, "mean_pool"]);
  });

  it("projects narrow embeddings after their norm", async () => {
    const { source } = tinyModel({ family: "electra", layers: 1, embeddingSize: 5 });
    const { kernels } = await record(source);
    expect(kernels.slice(2, 6)).toEqual(["add_embeddings", "layer_norm", "linear", "linear"]);
  });

  it("needs no more memory for more layers", async () => {
    const one = await record(tinyModel({ family: "bert", layers: 1 }).source);
    const seven = await record(tinyModel({ family: "bert", layers: 7 }).source);
    expect(seven.kernels.length - one.kernels.length).toBe(6 * layer.length);
    expect(seven.peakBytes).toBe(one.peakBytes);
  });

  it("holds the hidden states and the widest sublayer", async () => {
    const { peakBytes } = await record(tinyModel({ family: "bert" }).source);
    const [tokens, hidden] = [15, 12];
    const attention = 3 * hidden + hidden + hidden;
    expect(peakBytes).toBe(4 * tokens * (hidden + attention));
  });

  it("creates twelve tensors a layer, QKV as one weight and one bias", async () => {
    const one = await record(tinyModel({ family: "bert", layers: 1 }).source);
    const two = await record(tinyModel({ family: "bert", layers: 2 }).source);
    expect(two.weights - one.weights).toBe(12);
  });
});

it("refuses a padded batch", async () => {
  const { driver } = nullDriver();
  const model = await classicBert.load(driver, tinyModel({ family: "bert" }).source, {});
  const batch = packBatch(texts([2, 3]), "padded");
  const pass = driver.run((ops) => model.forward(ops, batch));
  await expect(pass).rejects.toMatchObject({ code: "INPUT" });
});
