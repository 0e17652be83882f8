import { embedTexts, GenericBackend } from "@ripvec/core";
import { referenceDriver } from "@ripvec/driver-testkit";
import { describe, expect, test } from "vitest";
import { classicBert } from "../src/index.js";
import { type Layout, layoutNamed, layouts, sourceOf, tokenizerOf } from "./support/layouts.js";

const backendOf = (layout: Layout) =>
  GenericBackend.create({
    driver: referenceDriver(),
    arch: classicBert,
    model: sourceOf(layout),
    normalize: layout.normalize || undefined,
  });

/** Embeds every text of the layout with tokenizer, batches and model, as an app does. */
async function vectorsOf(layout: Layout): Promise<Float32Array[]> {
  await using backend = await backendOf(layout);
  expect(backend.maxTokens).toBe(layout.maxTokens);
  const vectors: Float32Array[] = [];
  const { prompt } = layout;
  for await (const row of embedTexts(backend, tokenizerOf(layout), layout.texts, { prompt })) {
    vectors.push(row.embedding);
  }
  return vectors;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>) {
  let [dot, aa, bb, largest] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x = Number.NaN, y = Number.NaN] = [a[i], b[i]];
    dot += x * y;
    aa += x * x;
    bb += y * y;
    largest = Math.max(largest, Math.abs(x - y));
  }
  return { turn: 1 - dot / Math.sqrt(aa * bb), largest };
}

/**
 * This package computes in f64 here, so the whole difference is the rounding of
 * sentence-transformers: values are of order 1, and sums of 24 tokens reach 20. The f64 layout is
 * rounded to f32 once.
 */
describe("as sentence-transformers computes it", () => {
  test.each(layouts.map((layout) => [layout.name, layout] as const))("%s", async (_, layout) => {
    const vectors = await vectorsOf(layout);
    expect(vectors).toHaveLength(layout.vectors.length);
    layout.vectors.forEach((expected, i) => {
      const vector = vectors[i] ?? new Float32Array();
      expect(vector).toHaveLength(expected.length);
      const { turn, largest } = distance(vector, expected);
      expect(turn, `text ${i}`).toBeLessThan(1e-11);
      expect(largest, `text ${i}`).toBeLessThan(1e-5);
    });
  });
});

/** The reference driver sums each row in the same order in every batch, so a difference would come from the kit. */
test.each([
  "pooling weightedmean",
  "prompt, not pooled, every mode",
  "dense with projected residual",
  "roberta with padding inside a text",
])("%s: the bits of a text do not depend on its batch", async (name) => {
  const layout = layoutNamed(name);
  const together = await vectorsOf(layout);
  for (const [i, text] of layout.texts.entries()) {
    const alone = { ...layout, texts: [text], ids: [layout.ids[i] ?? []], vectors: [] };
    expect(await vectorsOf(alone)).toEqual([together[i]]);
  }
});

test("a model that leaves the prompt out pools all tokens of a text without one, also in a batch with prompted texts", async () => {
  const layout = layoutNamed("include_prompt false without a prompt");
  const encode = (i: number) => ({ inputIds: layout.ids[i]?.slice(0, 9) ?? [] });
  await using backend = await backendOf(layout);
  const [plain, , prompted] = await backend.embedBatch([
    encode(0),
    { ...encode(1), promptTokens: 3 },
    { ...encode(0), promptTokens: 2 },
  ]);
  const [expected] = await backend.embedBatch([encode(0)]);
  expect(plain).toEqual(expected);
  expect(prompted).not.toEqual(expected);
});

test("every layout is accepted by its description, without its weights", () => {
  for (const layout of layouts) {
    const { id, config, sentenceConfig } = sourceOf(layout);
    const modules = layout.modules?.map(({ type, path, config }) => ({ type, path, config }));
    classicBert.check?.({ id, config, sentenceConfig, modules }, {});
  }
});

test("there are layouts of every kind", () => {
  expect(layouts.length).toBeGreaterThan(70);
});

test("include_prompt null leaves the prompt out, as false does", async () => {
  const layout = layoutNamed("prompt, not pooled, mean");
  const modules = layout.modules?.map((module) =>
    "include_prompt" in module.config
      ? { ...module, config: { ...module.config, include_prompt: null } }
      : module,
  );
  expect(await vectorsOf({ ...layout, modules: modules ?? null })).toEqual(await vectorsOf(layout));
});
