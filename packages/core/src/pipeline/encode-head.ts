import type { PartialEncoding, Tokenizer } from "../encoding.js";
import { countTokens } from "../pack-batch.js";

/** Shorter texts are encoded as a whole. */
const leastHead = 16_384;
/** A head has so many characters for each token that is kept. */
const charactersPerToken = 32;
/** Characters of a text that are put behind the prompt; the others are not copied. */
const joined = 4_096;

interface HeadOptions {
  /** Stands before the text. */
  readonly prompt: string;
  readonly maxTokens: number;
}

/** Encodes a text as far as it takes to cut it to `maxTokens` tokens. Yields wherever it may pause. */
export function* encodeHead(
  tokenizer: Tokenizer,
  text: string,
  { prompt, maxTokens }: HeadOptions,
): Generator<undefined, PartialEncoding, undefined> {
  if (prompt.length + text.length < leastHead) return encodeWhole(tokenizer, prompt + text);
  if (!tokenizer.encodeLong) return guessHead(tokenizer, prompt + text, maxTokens);
  const cut = cutsPair(text, joined) ? joined + 1 : joined;
  const parts = [prompt + text.slice(0, cut), text.slice(cut)];
  return yield* tokenizer.encodeLong(parts, {
    maxTokens,
    side: tokenizer.truncationSide ?? "right",
  });
}

/** Whether both halves of a surrogate pair stand around a place. */
function cutsPair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

function encodeWhole(tokenizer: Tokenizer, text: string): PartialEncoding {
  const encoding = tokenizer.encode(text);
  return { encoding, tokens: countTokens(encoding), isWhole: true };
}

/**
 * For a tokenizer that takes no parts. The head ends in front of white space, where tokenizers end a
 * word; it serves only if it has twice the tokens that are kept, so that a tokenizer which looks across
 * words settles before its end. Otherwise the whole text is encoded.
 */
function guessHead(tokenizer: Tokenizer, text: string, maxTokens: number): PartialEncoding {
  const length = Math.max(leastHead, charactersPerToken * maxTokens);
  const end = tokenizer.truncationSide === "left" ? undefined : headEnd(text, length);
  if (end !== undefined) {
    const head = encodeWhole(tokenizer, text.slice(0, end));
    if (head.tokens >= 2 * maxTokens) return { ...head, isWhole: false };
  }
  return encodeWhole(tokenizer, text);
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
