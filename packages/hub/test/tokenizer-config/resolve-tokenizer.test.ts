import { isRipvecError, truncateEncoding } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { createTokenizer } from "../../src/tokenizer.js";
import { type Case, type Expected, fixture, resolveCase } from "./cases.js";

/**
 * transformers accepts these: it uses the file unchanged, or a token named "None". Here they are
 * refused.
 */
const refusedAlone = ["Bert cls null", "unknown class", "auto_map", "Qwen2Tokenizer with a file"];

const isOpened = (each: Case): each is Case & { expected: Expected } =>
  each.expected !== null && !refusedAlone.includes(each.name);

/**
 * Without parts that matter only for pairs of texts or for offsets. A template that adds nothing
 * counts as none.
 */
function forSingleTexts(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(forSingleTexts);
  if (typeof part !== "object" || part === null) return part;
  const kept = Object.entries(part).filter(
    ([key]) =>
      key !== "pair" && key !== "trim_offsets" && !(key === "add_prefix_space" && "cls" in part),
  );
  const value: JsonObject = Object.fromEntries(
    kept.map(([key, inner]) => [key, forSingleTexts(inner)]),
  );
  const single = value.type === "TemplateProcessing" ? value.single : undefined;
  return Array.isArray(single) && single.length === 1 ? null : value;
}

const pooled = (place: number): unknown => fixture.pool[place];

/** Fields that the Rust library writes although files may leave them out. */
const defaults: Readonly<Record<string, JsonObject>> = {
  BPE: {
    dropout: null,
    unk_token: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
  },
};

function ofModel(model: unknown): JsonObject {
  const { vocab: _vocab, merges: _merges, ...rest } = model as JsonObject;
  return { ...defaults[String(rest.type)], ...rest };
}

describe("as transformers 5 makes it", () => {
  test.each(fixture.cases.filter(isOpened))("$name", async (each) => {
    const { expected } = each;
    const resolved = await resolveCase(each);
    const { json } = resolved;
    for (const part of ["added_tokens", "normalizer", "pre_tokenizer", "post_processor"] as const) {
      expect(forSingleTexts(json[part]), part).toEqual(pooled(expected[part]));
    }
    expect(ofModel(json.model)).toEqual(pooled(expected.model));
    expect(json).toMatchObject({ truncation: null, padding: null, decoder: null });
    expect(resolved).toMatchObject({
      truncationSide: expected.truncation_side,
      splitSpecialTokens: expected.split_special_tokens,
      tokenTypes: expected.token_types,
    });
    if (!each.sentence_config) expect(resolved.maxLength ?? null).toBe(expected.max_length);
  });
});

describe("refused when transformers fails, or does something that no file states", () => {
  test.each(fixture.cases.filter((each) => !isOpened(each)))("$name", async (each) => {
    const error = await resolveCase(each).catch((cause: unknown) => cause);
    expect(isRipvecError(error)).toBe(true);
  });
});

test.each(fixture.cases.filter(isOpened))("truncates as transformers does: $name", (each) => {
  const { expected } = each;
  const whole = pooled(expected.ids) as number[][];
  const short = pooled(expected.short) as number[][];
  const around = whole[0]?.length ?? 0; // the ids of the empty text
  const rule = {
    suffixTokens: around === 0 ? 0 : 1,
    prefixTokens: around === 2 ? 1 : 0,
    truncationSide: expected.truncation_side,
  };
  const cut = whole.map((inputIds) => Array.from(truncateEncoding({ inputIds }, 6, rule).inputIds));
  expect(cut).toEqual(short);
});

test.each(fixture.cases.filter(isOpened))("ids of the tokenizer: $name", async (each) => {
  const { json } = await resolveCase(each);
  const tokenizer = createTokenizer(json);
  const ids = fixture.texts.map((text) => Array.from(tokenizer.encode(text).inputIds));
  expect(ids).toEqual(pooled(each.expected.ids));
});
