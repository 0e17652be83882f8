import { readFileSync } from "node:fs";
import type { JsonObject } from "@ripvec/core/arch";
import { expect, test } from "vitest";
import { createTokenizer } from "../../src/tokenizer.js";

interface Case {
  readonly name: string;
  readonly tokenizer: JsonObject;
  readonly texts: readonly string[];
  readonly ids: readonly (readonly number[])[];
  readonly split?: boolean;
}

/** Made with the Rust library by scripts/reference/tokenizers/model_fixtures.py. */
const file = new URL("../fixtures/tokenizer-models.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

test.each(cases)("equals the reference: $name", ({ tokenizer: json, texts, ids, split }) => {
  const tokenizer = createTokenizer(json, { splitSpecialTokens: split ?? false });
  for (const [index, text] of texts.entries()) {
    const found = Array.from(tokenizer.encode(text).inputIds);
    expect(found, JSON.stringify(text)).toEqual(ids[index]);
    const again = Array.from(tokenizer.encode(text).inputIds);
    expect(again, `${JSON.stringify(text)}, cached`).toEqual(found);
  }
});
