import { describe, expect, it } from "vitest";
import { weightSource } from "../../arch-kit/test/support/checkpoint.js";
import { nullDriver } from "../../arch-kit/test/support/null-driver.js";
import { texts, vocabSize } from "../../arch-kit/test/support/run.js";
import { classicBert } from "../src/index.js";
import { run } from "./support/run.js";
import { positions, type TinySpec, tinyModel } from "./support/tiny-model.js";

const load = async (spec: TinySpec, sentenceConfig = {}) => {
  const { driver } = nullDriver();
  const { source } = tinyModel(spec);
  return classicBert.load(driver, { ...source, sentenceConfig }, {});
};

describe("facts of a loaded model", () => {
  it.each([
    [{ family: "bert" }, 2],
    [{ family: "roberta", tokenTypes: 1 }, 1],
    [{ family: "distilbert" }, 1],
  ] as const)("%o", async (spec, tokenTypes) => {
    const facts = { dim: 12, maxTokens: positions, vocabSize, tokenTypes, batchKind: "packed" };
    expect(await load(spec)).toMatchObject(facts);
  });

  it("maxTokens is the smaller of positions and max_seq_length", async () => {
    const roberta = { family: "roberta", tokenTypes: 1 } as const;
    expect(await load(roberta, { max_seq_length: 9 })).toMatchObject({ maxTokens: 9 });
    expect(await load(roberta, { max_seq_length: 512 })).toMatchObject({ maxTokens: positions });
    expect(await load(roberta, { max_seq_length: null })).toMatchObject({ maxTokens: positions });
  });

  it("everything that affects a vector is in the signature", async () => {
    const bert = { family: "bert" } as const;
    const roberta = { family: "roberta" } as const;
    const signatures = [
      await load(bert),
      await load({ ...bert, config: { hidden_act: "gelu_new" } }),
      await load({ ...bert, config: { layer_norm_eps: 1e-12 } }),
      await load({ ...bert, config: { num_attention_heads: 2 } }),
      await load({ ...bert, config: { num_hidden_layers: 1 } }),
      await load(roberta),
      await load({ ...roberta, config: { pad_token_id: 0 } }),
    ].map(({ signature }) => signature);
    expect(signatures[0]).toBe(
      "classic-bert/bert/layers=2/heads=3/positions=0/gelu=erf/eps=0.00001/mean/raw",
    );
    expect(new Set(signatures).size).toBe(signatures.length);
  });
});

describe("published checkpoints", () => {
  const encodings = texts([6, 3], true);
  const { source, tensors } = tinyModel({ family: "bert" });
  const plain = run(source, encodings);

  it("may hold tensors that are not used", async () => {
    const more = new Map(tensors);
    for (const name of ["pooler.dense.weight", "cls.predictions.bias", "lm_head.bias"]) {
      more.set(name, { shape: [1], data: new Float32Array(1) });
    }
    const { vectors } = await run({ ...source, weights: weightSource(more) }, encodings);
    expect(vectors).toEqual((await plain).vectors);
  });

  it("may call a norm's weight and bias gamma and beta", async () => {
    const renamed = [...tensors].map(([name, tensor]) => {
      const old = name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma");
      return [old.replace(/LayerNorm\.bias$/, "LayerNorm.beta"), tensor] as const;
    });
    const weights = weightSource(new Map(renamed));
    const { vectors } = await run({ ...source, weights }, encodings);
    expect(vectors).toEqual((await plain).vectors);
  });

  it("may be bf16, also where the position table is cut", async () => {
    const roberta = tinyModel({ family: "roberta", tokenTypes: 1 });
    for (const { data } of roberta.tensors.values()) {
      const bits = new Uint32Array(data.buffer);
      for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) & 0xffff0000;
    }
    const weights = weightSource(roberta.tensors, (view) => ({
      ...view,
      dtype: "bf16",
      byteLength: view.byteLength / 2,
      bytes: () => view.bytes().filter((_, i) => i % 4 >= 2),
    }));
    const wide = await run(roberta.source, texts([6, 3]));
    const narrow = await run({ ...roberta.source, weights }, texts([6, 3]));
    expect(narrow.vectors).toEqual(wide.vectors);
  });
});
