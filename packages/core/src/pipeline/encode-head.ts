import type { Encoding, Tokenizer } from "../encoding.js";
import { countTokens } from "../pack-batch.js";

/** A head has at least so many characters, and so many for each token that is kept. */
const leastHead = 16_384;
const charactersPerToken = 32;

export interface HeadEncoding {
  readonly encoding: Encoding;
  /** Real tokens of `encoding`. */
  readonly tokens: number;
  /** Whether `encoding` covers the whole text. */
  readonly whole: boolean;
}

/**
 * Encodes as much of a text as decides its first `maxTokens` tokens, so that a text of megabytes
 * costs no more than what is kept of it. The head ends in front of white space, where tokenizers end a
 * word; it serves only if it has twice the tokens that are kept, so that a tokenizer which looks across
 * words settles before its end. Otherwise the whole text is encoded.
 */
export function encodeHead(tokenizer: Tokenizer, text: string, maxTokens: number): HeadEncoding {
  const length = Math.max(leastHead, charactersPerToken * maxTokens);
  const end = tokenizer.truncationSide === "left" ? undefined : headEnd(text, length);
  if (end !== undefined) {
    const encoding = tokenizer.encode(text.slice(0, end));
    const tokens = countTokens(encoding);
    if (tokens >= 2 * maxTokens) return { encoding, tokens, whole: false };
  }
  const encoding = tokenizer.encode(text);
  return { encoding, tokens: countTokens(encoding), whole: true };
}

/** Where the last word that ends within `length` characters ends; undefined for a text hardly longer, or without such. */
function headEnd(text: string, length: number): number | undefined {
  if (text.length < 2 * length) return undefined;
  for (let end = length; end > length / 2; end--) {
    if (isSpace(text, end) && !isSpace(text, end - 1)) return end;
  }
  return undefined;
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}
