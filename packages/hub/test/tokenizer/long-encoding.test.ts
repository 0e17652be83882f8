import { readFileSync } from "node:fs";
import { type JsonObject, truncateEncoding } from "@ripvec/core";
import { expect, test } from "vitest";
import { createTokenizer } from "../../src/tokenizer.js";
import { hostileText, partsOf, textKinds } from "../hostile-texts.js";
import {
  bertTokenizerJson,
  robertaTokenizerJson,
  unigramTokenizerJson,
} from "../tokenizer-fixtures.js";
import { hostileTokenizers } from "./hostile-tokenizers.js";

interface ModelFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly tokenizer: JsonObject;
    readonly split?: boolean;
  }[];
}

const models: ModelFixture = JSON.parse(
  readFileSync(new URL("../fixtures/tokenizer-models.json", import.meta.url), "utf8"),
);

const tokenizers: readonly { name: string; tokenizer: JsonObject; split?: boolean }[] = [
  { name: "BERT", tokenizer: bertTokenizerJson() },
  { name: "RoBERTa", tokenizer: robertaTokenizerJson() },
  { name: "XLM-RoBERTa", tokenizer: unigramTokenizerJson() },
  ...hostileTokenizers,
  ...models.cases,
];

test.each(tokenizers)(
  "a long text is encoded as the whole: $name",
  ({ tokenizer: json, split = false }) => {
    const tokenizer = createTokenizer(json, { splitSpecialTokens: split });
    const special = (tokenizer.prefixTokens ?? 0) + tokenizer.suffixTokens;
    for (const [seed, kind] of textKinds.entries()) {
      const text = hostileText(kind, 6_000, seed);
      const whole = tokenizer.encode(text);
      for (const inner of [1, 100, 600, 1_500, Infinity]) {
        for (const side of ["right", "left"] as const) {
          const maxTokens = inner + special;
          const parts = partsOf(text, inner === 100 ? 50 : 5_000, seed);
          const found = finish(tokenizer.encodeLong?.(parts, { maxTokens, side }));
          const place = `${kind}, ${side}, ${inner}`;
          expect(found.tokens <= whole.inputIds.length, place).toBe(true);
          if (found.isWhole) expect(found.tokens, place).toBe(whole.inputIds.length);
          else expect(found.tokens, place).toBeGreaterThan(maxTokens);
          const most = Math.min(maxTokens, whole.inputIds.length + 1);
          const rule = { ...tokenizer, truncationSide: side };
          const kept = truncateEncoding(found.encoding, most, rule);
          const expected = truncateEncoding(whole, most, rule);
          expect(Array.from(kept.inputIds).join(), place).toBe(
            Array.from(expected.inputIds).join(),
          );
        }
      }
    }
  },
);

function finish<T>(steps: Generator<undefined, T, undefined> | undefined): T {
  for (;;) {
    const step = steps?.next();
    if (!step) throw new Error("the tokenizer has no encodeLong");
    if (step.done) return step.value;
  }
}
