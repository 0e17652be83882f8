import { InputError, type ModelArch, ModelFileError, UnsupportedError } from "@ripvec/core";
import { expectShape, floatDTypes } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { type ArchModel, Random, templateDriver, testArch } from "../src/index.js";

const [vocabSize, hidden, maxTokens] = [31, 6, 12];

const models: readonly ArchModel[] = [
  {
    name: "bag",
    config: { vocab_size: vocabSize },
    tensors: [
      {
        name: "words.weight",
        shape: [vocabSize, hidden],
        values: new Random("bag").normals(vocabSize * hidden),
      },
    ],
    vocabSize,
    maxTokens,
    refused: [{ vocab_size: "many" }],
  },
];

/** The mean of the rows of a table: an architecture that takes padded batches, and chooses no pooling. */
function bagOf({ padded }: { readonly padded: "left out" | "pooled" }): ModelArch {
  return {
    name: "bag",
    check({ config }, { pooling = "mean" }) {
      const rows = config.vocab_size;
      if (rows !== vocabSize) {
        throw new UnsupportedError({
          what: "vocab_size",
          value: rows,
          supported: [`${vocabSize}`],
        });
      }
      if (pooling !== "mean") {
        throw new UnsupportedError({ what: "pooling", value: pooling, supported: ["mean"] });
      }
    },
    async load(driver, model, options) {
      this.check?.(model, options);
      const { normalize = false, dtype = "f32", activations = "f32" } = options;
      if (activations !== "f32") {
        throw new UnsupportedError({ what: "activations", value: activations, supported: ["f32"] });
      }
      const view = expectShape(model.weights.get("words.weight"), [vocabSize, hidden]);
      if (!floatDTypes.includes(view.dtype)) {
        const facts = { path: model.weights.path, tensor: view.name };
        throw new ModelFileError(`expected floats, got ${view.dtype}`, facts);
      }
      const table = driver.createTensor(view, "table", { dtype });
      return {
        dim: hidden,
        maxTokens,
        vocabSize,
        tokenTypes: 0,
        normalized: normalize,
        batchKind: "padded",
        weightDtype: dtype,
        signature: `bag/${normalize ? "l2" : "raw"}`,
        forward(ops, batch) {
          if (batch.kind !== "padded") throw new InputError("bag takes padded batches");
          const { inputIds, size, maxSeqLen, seqLens } = batch;
          const rows = ops.alloc("f32", [size * maxSeqLen, hidden]);
          ops.embedding_lookup({ table, ids: ops.input(inputIds, [inputIds.length]), out: rows });
          const out = ops.alloc("f32", [size, hidden]);
          if (padded === "pooled") {
            const layout = ops.layout(seqLens.map(() => maxSeqLen));
            ops.mean_pool({ x: rows, layout, out });
          } else {
            const layout = ops.layout(seqLens);
            const x = ops.alloc("f32", [batch.totalTokens, hidden]);
            const grid = ops.slice(rows, 0, [size, maxSeqLen, hidden]);
            ops.unpad_from_batch({ x: grid, layout, out: x });
            ops.mean_pool({ x, layout, out });
          }
          if (normalize) ops.l2_normalize({ x: out, out });
          return out;
        },
      };
    },
  };
}

type Body = (context?: unknown) => Promise<void>;

const shift = [1, -2, 3, -4, 5, -6];

/** Adds a constant to what the bag pools, as the last module of its model says. */
function shiftedBag(): ModelArch {
  const bag = bagOf({ padded: "left out" });
  return {
    ...bag,
    async load(driver, model, options) {
      const { normalize = false } = options;
      const loaded = await bag.load(driver, model, { ...options, normalize: false });
      const values = Float32Array.from(model.modules?.[1]?.type === "test.Shift" ? shift : []);
      return {
        ...loaded,
        normalized: normalize,
        signature: `shifted/${normalize ? "l2" : "raw"}`,
        forward(ops, batch) {
          const out = loaded.forward(ops, batch);
          ops.add_bias({ x: out, bias: ops.input(values, [hidden]), out });
          if (normalize) ops.l2_normalize({ x: out, out });
          return out;
        },
      };
    },
  };
}

function bodiesOf(arch: ModelArch, skip = (_name: string, _reason: string) => {}) {
  const bodies = new Map<string, Body>();
  testArch({
    test: (name, body) => bodies.set(name, body),
    skip,
    arch,
    models,
    forward: (model, { ids }) => ids.map((id) => model.matrix("words.weight")[id] ?? []),
  });
  return bodies;
}

describe("testArch", () => {
  test("an architecture without pooling options, for padded batches, passes", async () => {
    const skipped = new Map<string, string>();
    const bodies = bodiesOf(bagOf({ padded: "left out" }), (name, why) => skipped.set(name, why));
    for (const [name, body] of bodies) await expect(body(), name).resolves.toBe(undefined);
    expect([...skipped.keys()].map((name) => name.replace(/^bag.*: /, ""))).toEqual([
      ...["cls", "last", "max", "mean_sqrt_len_tokens", "weightedmean"].map(
        (pooling) => `option pooling ${pooling}`,
      ),
      "agrees with f64, f16 activations",
    ]);
    expect(skipped.get("bag: option pooling cls")).toContain('unsupported pooling "cls"');
  });

  test("a model with modules is compared with `vector`, and runs on the given driver too", async () => {
    const modules = ["test.Pooling", "test.Shift"].map((type) => ({ type, path: "", config: {} }));
    const bodies = new Map<string, Body>();
    const skipped = new Map<string, string>();
    let created = 0;
    testArch({
      test: (name, body) => bodies.set(name, body),
      skip: (name, reason) => skipped.set(name, reason),
      arch: shiftedBag(),
      models: models.map((model) => ({ ...model, modules })),
      createDriver: () => {
        created++;
        return templateDriver();
      },
      forward: (model, { ids }) => ids.map((id) => model.matrix("words.weight")[id] ?? []),
      vector: (tokens) =>
        shift.map(
          (by, c) => tokens.reduce((sum, row) => sum + (row[c] ?? 0), 0) / tokens.length + by,
        ),
    });
    for (const [name, body] of bodies) await expect(body(), name).resolves.toBe(undefined);
    const onGiven = [...bodies.keys()].filter((name) => name.startsWith("bag on given driver: "));
    expect(onGiven.length).toBeGreaterThan(5);
    expect(created).toBe(onGiven.length);
    expect(skipped.get("bag: option pooling cls")).toBe("has modules of its own");
  });

  test.each([
    "bag: agrees with f64, f32 weights",
    "bag on template: one text alone gives the same bits as in a batch",
  ])("padding that is pooled is caught: %s", async (name) => {
    const body = bodiesOf(bagOf({ padded: "pooled" })).get(name);
    await expect(body?.()).rejects.toMatchObject({ name: "ConformanceError" });
  });

  test("names are unique, bodies declare no parameter, and a skip tells the runner", async () => {
    const bodies = bodiesOf(bagOf({ padded: "left out" }));
    for (const [name, body] of bodies) expect(body.length, name).toBe(0);
    const told: unknown[] = [];
    await bodies.get("bag: option pooling cls")?.({ skip: (why: unknown) => told.push(why) });
    expect(told).toEqual([expect.stringContaining('"cls"')]);
  });

  test("the message of a failure says which text, the values and the bound", async () => {
    const body = bodiesOf(bagOf({ padded: "pooled" })).get("bag: agrees with f64, f32 weights");
    await expect(body?.()).rejects.toThrow(
      /^text \d of \d+ tokens: 6 values \[.*\], expected 6 values \[.*\]; the largest \|Δ\| is .*, allowed .*e-7$/,
    );
  });
});
