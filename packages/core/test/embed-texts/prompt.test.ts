import { embedTexts, type Tokenizer } from "@ripvec/core";
import type { Batch } from "@ripvec/core/arch";
import type { Ops } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { toyBackend } from "../support/backend.js";
import { dim, maxTokens, ToyTokenizer } from "../support/toy-model.js";

/** The prompt lengths of every batch that reaches the model. */
async function promptLensOf(
  texts: readonly string[],
  prompt: string | undefined,
  tokenizer: Tokenizer = new ToyTokenizer(),
): Promise<(readonly number[] | undefined)[]> {
  const seen: (readonly number[] | undefined)[] = [];
  const forward = (ops: Ops, batch: Batch) => {
    seen.push(batch.promptLens && [...batch.promptLens]);
    return ops.allocZeroed("f32", [batch.size, dim]);
  };
  const { backend } = await toyBackend({ loaded: { forward } });
  for await (const _ of embedTexts(backend, tokenizer, texts, { prompt }));
  return seen;
}

test("a prompt's tokens are counted with its opening token and without its closing one", async () => {
  expect(await promptLensOf(["a", "bcd"], "to: ")).toEqual([[5, 5]]);
});

test("without a prompt no tokens are counted", async () => {
  expect(await promptLensOf(["a", "bcd"], "")).toEqual([undefined]);
  expect(await promptLensOf(["a", "bcd"], undefined)).toEqual([undefined]);
});

test("a prompt that fills the limit leaves only the closing token of the text", async () => {
  expect(await promptLensOf(["a"], "x".repeat(40))).toEqual([[maxTokens - 1]]);
});

test("one closing token is subtracted if there are any", async () => {
  const closing = (suffixTokens: number): Tokenizer => {
    const encode = (text: string) => ({
      inputIds: [...text].map(() => 3).concat(new Array<number>(suffixTokens).fill(4)),
    });
    return { suffixTokens, encode, encodeBatch: (texts) => texts.map(encode) };
  };
  expect(await promptLensOf(["a"], "to: ", closing(2))).toEqual([[5]]);
  expect(await promptLensOf(["a"], "to: ", closing(0))).toEqual([[4]]);
});
