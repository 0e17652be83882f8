import { type Encoding, GenericBackend } from "@ripvec/core";
import { type MadeModel, type ModelSpec, makeModel, templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, it } from "vitest";
import { tensorsOf } from "../../arch-kit/test/support/checkpoint.js";
import { dense, plainOf, pool, unit } from "../../arch-kit/test/support/reference.js";
import { largestError, texts, tolerance } from "../../arch-kit/test/support/run.js";
import { classicBert } from "../src/index.js";
import { hiddenStates, type ReferenceOptions } from "./support/reference.js";

const geometry = {
  seed: 5,
  layers: 3,
  hidden: 32,
  heads: 4,
  intermediate: 48,
  vocabSize: 40,
  maxPositions: 24,
};

const backendOf = (made: MadeModel, options: { dimensions?: number } = {}) =>
  GenericBackend.create({
    driver: templateDriver(),
    arch: classicBert,
    model: made.source,
    maxBatch: 3,
    ...options,
  });

/** The same text with a masked token before each of its tokens and two after the last. */
function withHoles({ inputIds, tokenTypeIds = [] }: Encoding): Encoding {
  const tokens = Array.from(inputIds);
  const every = <T>(hole: T, real: (i: number) => T) => [
    ...tokens.flatMap((_, i) => [hole, real(i)]),
    hole,
    hole,
  ];
  return {
    inputIds: every(3, (i) => inputIds[i] ?? 0),
    tokenTypeIds: every(0, (i) => tokenTypeIds[i] ?? 0),
    attentionMask: every(0, () => 1),
  };
}

const cases: readonly (readonly [ModelSpec, ReferenceOptions])[] = [
  [{ ...geometry, family: "bert", pooling: "cls", prefix: true }, { eps: 1e-12 }],
  [{ ...geometry, family: "bert", pooling: "last", dtype: "f16" }, { eps: 1e-12 }],
  [
    { ...geometry, family: "roberta", pooling: "mean" },
    { eps: 1e-5, firstPosition: 2 },
  ],
  [
    { ...geometry, family: "roberta", modelType: "xlm-roberta", pooling: "cls", prefix: true },
    { eps: 1e-5, firstPosition: 2 },
  ],
  [{ ...geometry, family: "distilbert", pooling: "mean", dtype: "bf16" }, { eps: 1e-12 }],
  [{ ...geometry, family: "electra", pooling: "mean", embeddingSize: 16 }, { eps: 1e-12 }],
];

describe("through GenericBackend", () => {
  it.each(cases)("%o", async (spec, options) => {
    const made = makeModel(spec);
    const { config, weights } = made.source;
    const encodings = texts([6, 1, 24, 3, 11, 1, 17], spec.family === "bert");
    await using backend = await backendOf(made);
    const vectors = await backend.embedBatch(encodings);
    const reference = plainOf({ tensors: tensorsOf(weights), config });
    const expected = encodings.map((text) =>
      pool(hiddenStates(reference, text, options), spec.pooling ?? "mean"),
    );
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
  });

  it("drops masked tokens: the bits are those of the text without them", async () => {
    await using backend = await backendOf(makeModel({ ...geometry, family: "bert" }));
    const encodings = texts([6, 1, 9], true);
    const vectors = await backend.embedBatch(encodings);
    expect(await backend.embedBatch(encodings.map(withHoles))).toEqual(vectors);
  });

  it("applies Dense, truncates, and normalises the result", async () => {
    const head = { dense: { out: 12, activation: "tanh" }, normalize: true } as const;
    const made = makeModel({ ...geometry, family: "bert", ...head });
    const { config, weights, modules } = made.source;
    const encodings = texts([6, 1, 9]);
    await using backend = await backendOf(made, { dimensions: 8 });
    const vectors = await backend.embedBatch(encodings);
    const reference = plainOf({ tensors: tensorsOf(weights), config });
    const denseWeights = modules?.find(({ path }) => path === "2_Dense")?.weights ?? weights;
    const expected = encodings.map((text) => {
      const pooled = pool(hiddenStates(reference, text, { eps: 1e-12 }), "mean");
      return unit(dense(pooled, tensorsOf(denseWeights), Math.tanh).slice(0, 8));
    });
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
  });

  it("refuses token types that the model does not know", async () => {
    await using backend = await backendOf(makeModel({ ...geometry, family: "roberta" }));
    await expect(backend.embedBatch(texts([4, 4], true))).rejects.toMatchObject({
      code: "INPUT",
      index: 0,
    });
  });
});
