import { readFileSync } from "node:fs";
import { isRipvecError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTokenizer } from "../src/read-tokenizer.js";
import { mutatedJson } from "./mutated-json.js";
import { fixture, memoryFiles } from "./tokenizer-config/cases.js";

const numRuns = Number(process.env.RIPVEC_FUZZ_RUNS ?? 500);

const vocabSize = 2000;
const texts = [
  "hello world",
  "",
  " ",
  "aAé\u0301 中👩‍👩 ﷺ\n[CLS] <s> </s> 12,3",
  "a".repeat(300),
  "\ud800x",
];

function read(name: string): { readonly [key: string]: readonly JsonObject[] } {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
}

const steps = read("tokenizer-steps").steps ?? [];
const models = (read("tokenizer-models").cases ?? []).map(({ tokenizer }) => tokenizer);

/** A tokenizer.json with each model, and small ones with each step. */
const files = [
  ...Object.values(fixture.bases).filter(({ model }) => model !== undefined),
  ...models,
  ...steps.map(({ kind, step }) => ({
    ...fixture.bases.bert,
    [kind === "normalizer" ? "normalizer" : "pre_tokenizer"]: step,
  })),
];

/**
 * Opens the tokenizer and encodes every text. A failure must be an error of ripvec's, and at
 * opening.
 */
async function open(contents: Readonly<Record<string, unknown>>): Promise<"open" | "refused"> {
  const all = Object.entries(contents).map(([name, json]) => [name, JSON.stringify(json)]);
  const { config = {}, tokenizerConfig = {} } = contents;
  try {
    const { tokenizer } = await readTokenizer(memoryFiles(Object.fromEntries(all)), "", {
      config: { ...Object(config), vocab_size: vocabSize },
      tokenizerConfig: Object(tokenizerConfig),
      sentenceConfig: {},
    }).catch((error: unknown) => {
      const isOurs = isRipvecError(error) && !(error.cause instanceof TypeError);
      throw isOurs ? "refused" : error;
    });
    for (const text of texts) {
      const ids = Array.from(tokenizer.encode(text).inputIds);
      expect(ids.filter((id) => !(id >= 0 && id < vocabSize))).toEqual([]);
    }
    return "open";
  } catch (error) {
    if (error === "refused") return "refused";
    throw error;
  }
}

/** Both outcomes must occur, or the cases test little. */
async function expectBoth(cases: fc.Arbitrary<Readonly<Record<string, unknown>>>): Promise<void> {
  const outcomes = { open: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(cases, async (contents) => {
      outcomes[await open(contents)]++;
    }),
    { numRuns },
  );
  expect(Math.min(outcomes.open, outcomes.refused)).toBeGreaterThan(numRuns / 20);
}

describe("a changed file is refused when it is opened, or makes a tokenizer that encodes every text", () => {
  const usedUnchanged = { model_type: "bert", tokenizer_class: "PreTrainedTokenizerFast" };

  test("tokenizer.json used unchanged", async () => {
    const changed = fc.constantFrom(...files).chain(mutatedJson);
    await expectBoth(changed.map((json) => ({ "tokenizer.json": json, config: usedUnchanged })));
  });

  test("tokenizer.json by its class", async () => {
    const base = fc.constantFrom<[string, string]>(
      ["bert", "bert"],
      ["bytelevel", "roberta"],
      ["xlmr", "xlm-roberta"],
      ["camembert", "camembert"],
    );
    await expectBoth(
      base.chain(([name, model_type]) =>
        mutatedJson(fixture.bases[name]).map((json) => ({
          "tokenizer.json": json,
          config: { model_type },
        })),
      ),
    );
  });

  test("the other files of a tokenizer", async () => {
    const base = fc.constantFrom(...fixture.cases.filter(({ base }) => base === "bert"));
    await expectBoth(
      base.chain(({ config, tokenizer_config, files: others }) =>
        mutatedJson({
          config,
          tokenizerConfig: tokenizer_config ?? {},
          "special_tokens_map.json": { cls_token: "[CLS]", mask_token: { content: "[MASK]" } },
          "added_tokens.json": { extra: 900, more: 901 },
          ...others,
        }).map((contents) => ({ ...Object(contents), "tokenizer.json": fixture.bases.bert })),
      ),
    );
  });
});
