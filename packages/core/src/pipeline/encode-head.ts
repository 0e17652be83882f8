import type { PartialEncoding, Tokenizer } from "../encoding.js";
import { countTokens } from "../pack-batch.js";

/** Texts with fewer UTF-16 units are encoded as a whole. */
const minHeadLength = 16_384;
/** Length of a head in UTF-16 units for each token that is kept. */
const charactersPerToken = 32;
/** UTF-16 units of a text that are appended to the prompt. The rest of the text is not copied. */
const appendedLength = 4_096;

interface HeadOptions {
  /** Put in front of the text. */
  readonly prompt: string;
  readonly maxTokens: number;
}

/** Encodes as much of a text as is needed to cut it to `maxTokens` tokens. Yields wherever it may pause. */
export function* encodeHead(
  tokenizer: Tokenizer,
  text: string,
  { prompt, maxTokens }: HeadOptions,
): Generator<undefined, PartialEncoding, undefined> {
  if (prompt.length + text.length < minHeadLength) return encodeWhole(tokenizer, prompt + text);
  if (!tokenizer.encodeLong) return guessHead(tokenizer, prompt + text, maxTokens);
  const cut = cutsPair(text, appendedLength) ? appendedLength + 1 : appendedLength;
  const parts = [prompt + text.slice(0, cut), text.slice(cut)];
  return yield* tokenizer.encodeLong(parts, {
    maxTokens,
    side: tokenizer.truncationSide ?? "right",
  });
}

/** Whether a cut at index `at` splits a surrogate pair. */
function cutsPair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

function encodeWhole(tokenizer: Tokenizer, text: string): PartialEncoding {
  const encoding = tokenizer.encode(text);
  return { encoding, tokens: countTokens(encoding), isWhole: true };
}

/**
 * Encodes the head of a text with a tokenizer that lacks `encodeLong`. The head ends before white space, where tokenizers
 * end a word. It is used only if it has twice the tokens that are kept, so that a tokenizer which looks across words
 * gives the same first tokens as for the whole text. Otherwise the whole text is encoded.
 */
function guessHead(tokenizer: Tokenizer, text: string, maxTokens: number): PartialEncoding {
  const length = Math.max(minHeadLength, charactersPerToken * maxTokens);
  const end = tokenizer.truncationSide === "left" ? undefined : headEnd(text, length);
  if (end !== undefined) {
    const head = encodeWhole(tokenizer, text.slice(0, end));
    if (head.tokens >= 2 * maxTokens) return { ...head, isWhole: false };
  }
  return encodeWhole(tokenizer, text);
}

/**
 * End of the last word that ends in the second half of the first `length` UTF-16 units. Undefined if no word ends there,
 * or if the text is shorter than 2 · length.
 */
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
