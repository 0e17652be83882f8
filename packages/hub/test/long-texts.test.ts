import { type EmbedBackend, type Encoding, embedTexts, truncateEncoding } from "@ripvec/core";
import { expect, test } from "vitest";
import { createTokenizer } from "../src/tokenizer.js";
import { randomTexts } from "./sample-texts.js";
import {
  bertTokenizerJson,
  robertaTokenizerJson,
  unigramTokenizerJson,
} from "./tokenizer-fixtures.js";

const maxTokens = 512;

/** Keeps the encodings that it is given to embed. */
function recorder(): { backend: EmbedBackend; encodings: Encoding[] } {
  const encodings: Encoding[] = [];
  const backend = {
    name: "recorder",
    dim: 1,
    maxTokens,
    maxBatch: 256,
    maxBatchTokens: 4096,
    maxInFlight: 1,
    async embedBatch(batch: readonly Encoding[]) {
      encodings.push(...batch);
      return batch.map(() => new Float32Array(1));
    },
  };
  return { backend: backend as unknown as EmbedBackend, encodings };
}

/** Words, several scripts, runs of white space, and characters that tokenizers treat specially. */
const text = (seed: number) =>
  [...randomTexts(400, seed), "", "hello   world", "\u3000", "a\t\n b"].join("  ").repeat(60);

test.each([
  ["WordPiece", bertTokenizerJson()],
  ["byte-level BPE", robertaTokenizerJson()],
  ["Unigram", unigramTokenizerJson()],
])("the start of a long text has the tokens of the whole: %s", async (_, json) => {
  const tokenizer = createTokenizer(json);
  for (const seed of [1, 2, 3]) {
    const long = text(seed);
    const { backend, encodings } = recorder();
    for await (const row of embedTexts(backend, tokenizer, [long]))
      expect(row.truncated).toBe(true);
    const expected = truncateEncoding(tokenizer.encode(long), maxTokens, tokenizer.suffixTokens);
    expect(Array.from(encodings[0]?.inputIds ?? [])).toEqual(Array.from(expected.inputIds));
  }
});
