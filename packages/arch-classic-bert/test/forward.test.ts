import { describe, expect, it } from "vitest";
import { pool } from "../../arch-kit/test/support/reference.js";
import { largestError, texts, tolerance } from "../../arch-kit/test/support/run.js";
import { hiddenStates, type ReferenceOptions } from "./support/reference.js";
import { run } from "./support/run.js";
import { positions, type TinySpec, tinyModel } from "./support/tiny-model.js";

const lengths = [5, 1, positions, 8, 1, 13];

interface Case {
  readonly name: string;
  readonly spec: TinySpec;
  readonly reference?: ReferenceOptions;
  readonly tokenTypes?: boolean;
}

const cases: readonly Case[] = [
  { name: "bert", spec: { family: "bert" }, tokenTypes: true },
  { name: "bert with prefix", spec: { family: "bert", prefix: "bert." }, tokenTypes: true },
  {
    name: "bert, tanh GELU",
    spec: { family: "bert", config: { hidden_act: "gelu_new" } },
    reference: { gelu: "tanh" },
  },
  {
    name: "bert, eps 1e-2",
    spec: { family: "bert", config: { layer_norm_eps: 1e-2 } },
    reference: { eps: 1e-2 },
  },
  {
    name: "bert, config without eps",
    spec: { family: "bert", config: { layer_norm_eps: undefined } },
    reference: { eps: 1e-12 },
  },
  { name: "electra", spec: { family: "electra" }, tokenTypes: true },
  {
    name: "electra with projection",
    spec: { family: "electra", embeddingSize: 7, prefix: "electra." },
    tokenTypes: true,
  },
  ...(["roberta", "xlm-roberta", "camembert"] as const).map(
    (family): Case => ({
      name: `${family}, one token type, positions from 2`,
      spec: { family, tokenTypes: 1, prefix: "roberta." },
      reference: { firstPosition: 2 },
    }),
  ),
  {
    name: "roberta, pad_token_id 0",
    spec: { family: "roberta", tokenTypes: 1, config: { pad_token_id: 0 } },
    reference: { firstPosition: 1 },
  },
  { name: "distilbert", spec: { family: "distilbert" }, reference: { eps: 1e-12 } },
  {
    name: "distilbert ignores an eps in its config",
    spec: { family: "distilbert", prefix: "distilbert.", config: { layer_norm_eps: 0.5 } },
    reference: { eps: 1e-12 },
  },
];

describe("forward pass against the definition in f64", () => {
  it.each(cases)("$name", async ({ spec, reference, tokenTypes = false }) => {
    const model = tinyModel(spec);
    const encodings = texts(lengths, tokenTypes);
    const { vectors } = await run(model.source, encodings);
    const expected = encodings.map((text) => pool(hiddenStates(model, text, reference), "mean"));
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
  });
});

describe("the comparison notices", () => {
  const wrong: readonly (readonly [string, TinySpec, ReferenceOptions])[] = [
    ["positions off by one", { family: "roberta", tokenTypes: 1 }, { firstPosition: 1 }],
    ["positions from 0", { family: "roberta", tokenTypes: 1 }, { firstPosition: 0 }],
    ["the other GELU", { family: "bert" }, { gelu: "tanh" }],
    ["another eps", { family: "bert" }, { eps: 1e-3 }],
  ];
  it.each(wrong)("%s", async (_, spec, reference) => {
    const model = tinyModel(spec);
    const encodings = texts(lengths.map((length) => Math.min(length, positions - 1)));
    const { vectors } = await run(model.source, encodings);
    const expected = encodings.map((text) => pool(hiddenStates(model, text, reference), "mean"));
    expect(largestError(vectors, expected)).toBeGreaterThan(20 * tolerance);
  });

  it("token types", async () => {
    const model = tinyModel({ family: "bert" });
    const { vectors } = await run(model.source, texts(lengths, true));
    const untyped = texts(lengths).map((text) => pool(hiddenStates(model, text), "mean"));
    expect(largestError(vectors, untyped)).toBeGreaterThan(0.05);
  });
});

describe("a batch", () => {
  it("gives each text the same bits as alone", async () => {
    const { source } = tinyModel({ family: "bert" });
    const encodings = texts(lengths, true);
    const together = await run(source, encodings);
    for (const [b, encoding] of encodings.entries()) {
      const alone = await run(source, [encoding]);
      expect(alone.vectors[0]).toEqual(together.vectors[b]);
    }
  });

  it("may be empty, and may hold a text without tokens", async () => {
    const { source } = tinyModel({ family: "bert" });
    expect((await run(source, [])).vectors).toEqual([]);
    const { vectors } = await run(source, texts([3, 0, 2]));
    expect(Array.from(vectors[1] ?? [])).toEqual(new Array(12).fill(0));
    expect(vectors[2]?.every(Number.isFinite)).toBe(true);
  });
});
