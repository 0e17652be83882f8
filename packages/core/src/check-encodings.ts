import type { Encoding } from "./encoding.js";
import { InputError, TooLongError } from "./errors.js";
import { countTokens } from "./pack-batch.js";

export interface EncodingLimits {
  readonly maxTokens: number;
  readonly vocabSize: number;
  /** Token types the model knows; 0 and 1 both mean that only type 0 is allowed. */
  readonly tokenTypes: number;
  /** False: the tokens of the prompt are not pooled, so others must be left. */
  readonly poolsPrompt: boolean;
}

/**
 * Throws InputError or TooLongError, with the index, at the first encoding that the model cannot
 * take. Returns the number of real tokens of each. Ids and types of masked tokens don't matter.
 */
export function checkEncodings(
  encodings: readonly Encoding[],
  limits: EncodingLimits,
): readonly number[] {
  if (!Array.isArray(encodings)) throw new InputError("encodings must be an array");
  return Array.from(encodings, (encoding, index) => checkEncoding(encoding, index, limits));
}

function checkEncoding(encoding: Encoding, index: number, limits: EncodingLimits): number {
  const fail = (problem: string): never => {
    throw new InputError(`encoding ${index}: ${problem}`, { index });
  };
  if (!isArrayLike(encoding?.inputIds)) fail("inputIds must be an array of numbers");
  checkLengths(encoding, fail);
  const { inputIds, attentionMask, tokenTypeIds } = encoding;
  const typeCount = Math.max(limits.tokenTypes, 1);
  for (let i = 0; i < inputIds.length; i++) {
    const mask = attentionMask?.[i] ?? 1;
    if (mask === 0) continue;
    if (mask !== 1) fail(`attentionMask[${i}] must be 0 or 1, got ${mask}`);
    const id = inputIds[i];
    if (!isBelow(id, limits.vocabSize)) {
      fail(`inputIds[${i}] must be a whole number below ${limits.vocabSize}, got ${id}`);
    }
    const type = tokenTypeIds?.[i] ?? 0;
    if (!isBelow(type, typeCount)) {
      fail(`tokenTypeIds[${i}] must be a whole number below ${typeCount}, got ${type}`);
    }
  }
  const tokens = countTokens(encoding);
  if (tokens === 0) fail("has no tokens");
  checkPrompt(encoding, tokens, limits, fail);
  if (tokens > limits.maxTokens) {
    throw new TooLongError({ index, tokens, maxTokens: limits.maxTokens });
  }
  return tokens;
}

function checkPrompt(
  { promptTokens = 0 }: Encoding,
  tokens: number,
  { poolsPrompt }: EncodingLimits,
  fail: (problem: string) => never,
): void {
  if (!isBelow(promptTokens, tokens + 1)) {
    fail(`promptTokens must be a whole number up to its ${tokens} tokens, got ${promptTokens}`);
  }
  if (!poolsPrompt && promptTokens === tokens) {
    fail("has no token besides its prompt, and the model does not pool the prompt");
  }
}

function checkLengths(encoding: Encoding, fail: (problem: string) => never): void {
  const expected = encoding.inputIds.length;
  for (const name of ["attentionMask", "tokenTypeIds"] as const) {
    const array = encoding[name];
    if (array === undefined) continue;
    if (!isArrayLike(array)) fail(`${name} must be an array of numbers`);
    if (array.length !== expected) {
      fail(`${name} has ${array.length} entries, inputIds has ${expected}`);
    }
  }
}

function isBelow(value: unknown, limit: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  return Number.isSafeInteger((value as { length?: unknown }).length);
}
