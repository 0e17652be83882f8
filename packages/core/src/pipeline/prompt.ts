import type { Encoding, Tokenizer } from "../encoding.js";
import { encodeHead } from "./encode-head.js";

/**
 * Number of tokens of a prompt at the start of each text, as sentence-transformers counts them: the tokens of the prompt
 * alone, truncated like a text, minus one closing special token. Yields wherever it may pause.
 */
export function* countPromptTokens({
  tokenizer,
  prompt,
  maxTokens,
}: {
  readonly tokenizer: Tokenizer;
  readonly prompt: string;
  readonly maxTokens: number;
}): Generator<undefined, number, undefined> {
  if (prompt === "") return 0;
  const head = yield* encodeHead(tokenizer, prompt, { prompt: "", maxTokens });
  return Math.min(head.tokens, maxTokens) - Math.min(1, tokenizer.suffixTokens);
}

export function withPrompt(encoding: Encoding, promptTokens: number): Encoding {
  if (promptTokens === 0) return encoding;
  const { inputIds, attentionMask, tokenTypeIds } = encoding;
  return { ...encoding, inputIds, attentionMask, tokenTypeIds, promptTokens };
}
