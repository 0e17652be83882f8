import type { Encoding } from "./encoding.js";
import { InputError, TooLongError } from "./errors.js";
import { kindOf } from "./kind-of.js";

export interface EncodingLimits {
  readonly maxTokens: number;
  readonly vocabSize: number;
  /** Number of token types of the model. 0 and 1 both mean that only type 0 is allowed. */
  readonly tokenTypes: number;
  /** Whether tokens of a prompt are pooled. If not, an encoding must have other tokens too. */
  readonly poolsPrompt: boolean;
}

/** The real tokens of an encoding, copied. */
export interface TakenEncoding extends Encoding {
  readonly inputIds: Int32Array;
  readonly attentionMask?: undefined;
  readonly tokenTypeIds: Int32Array | undefined;
}

/**
 * Checks encodings and copies their real tokens. Each element is read once, so that the values that were checked are
 * those that are embedded, even if the caller changes its arrays. Throws InputError or TooLongError, with the index, at
 * the first encoding that the model cannot take. Ids and types of masked tokens are ignored.
 */
export function takeEncodings(
  encodings: readonly Encoding[],
  limits: EncodingLimits,
): readonly TakenEncoding[] {
  if (!Array.isArray(encodings))
    throw new InputError(`encodings must be an array, got ${kindOf(encodings)}`);
  return Array.from(encodings, (encoding, index) => takeEncoding(encoding, index, limits));
}

type Fail = (problem: string) => never;

function takeEncoding(encoding: unknown, index: number, limits: EncodingLimits): TakenEncoding {
  const fail: Fail = (problem) => {
    throw new InputError(`encoding ${index}: ${problem}`, { index });
  };
  const arrays = arraysOf(encoding, fail);
  const { maxTokens } = limits;
  const tooLong = (tokens: number): never => {
    throw new TooLongError({ index, tokens, maxTokens });
  };
  if (!arrays.attentionMask && arrays.length > maxTokens) tooLong(arrays.length);
  const { inputIds, tokenTypeIds, tokens } = realTokens(arrays, limits, fail);
  if (tokens === 0) fail("has no tokens");
  const promptTokens = checkedPrompt(arrays.promptTokens, tokens, limits, fail);
  if (tokens > maxTokens) tooLong(tokens);
  return { inputIds, tokenTypeIds, promptTokens };
}

interface EncodingArrays {
  readonly length: number;
  readonly inputIds: ArrayLike<unknown>;
  readonly attentionMask: ArrayLike<unknown> | undefined;
  readonly tokenTypeIds: ArrayLike<unknown> | undefined;
  readonly promptTokens: unknown;
}

function arraysOf(encoding: unknown, fail: Fail): EncodingArrays {
  const { inputIds, attentionMask, tokenTypeIds, promptTokens } = (encoding ??
    {}) as Partial<Encoding>;
  if (!inputIds || !isArrayLike(inputIds)) return fail("inputIds must be an array of numbers");
  const { length } = inputIds;
  for (const [name, array] of Object.entries({ attentionMask, tokenTypeIds })) {
    if (array === undefined) continue;
    if (!isArrayLike(array)) fail(`${name} must be an array of numbers`);
    if (array.length !== length) {
      fail(`${name} must have ${length} elements, as inputIds has, got ${array.length}`);
    }
  }
  return { length, inputIds, attentionMask, tokenTypeIds, promptTokens };
}

/** Tokens beyond `maxTokens` are counted and not kept. */
function realTokens(
  { length, inputIds, attentionMask, tokenTypeIds }: EncodingArrays,
  limits: EncodingLimits,
  fail: Fail,
): { inputIds: Int32Array; tokenTypeIds: Int32Array | undefined; tokens: number } {
  const typeCount = Math.max(limits.tokenTypes, 1);
  const kept = Math.min(length, limits.maxTokens);
  const ids = new Int32Array(kept);
  const types = tokenTypeIds && new Int32Array(kept);
  let tokens = 0;
  for (let i = 0; i < length; i++) {
    const mask = attentionMask?.[i] ?? 1;
    if (mask === 0) continue;
    if (mask !== 1) fail(`attentionMask[${i}] must be 0 or 1, got ${shown(mask)}`);
    const id = inputIds[i];
    if (!isBelow(id, limits.vocabSize)) {
      return fail(
        `inputIds[${i}] must be a whole number below ${limits.vocabSize}, got ${shown(id)}`,
      );
    }
    const type = tokenTypeIds?.[i] ?? 0;
    if (!isBelow(type, typeCount)) {
      return fail(
        `tokenTypeIds[${i}] must be a whole number below ${typeCount}, got ${shown(type)}`,
      );
    }
    ids[tokens] = id;
    if (types) types[tokens] = type;
    tokens++;
  }
  return { inputIds: ids.subarray(0, tokens), tokenTypeIds: types?.subarray(0, tokens), tokens };
}

function checkedPrompt(
  promptTokens: unknown = 0,
  tokens: number,
  { poolsPrompt }: EncodingLimits,
  fail: Fail,
): number {
  if (!isBelow(promptTokens, tokens + 1)) {
    return fail(
      `promptTokens must be a whole number in 0 … ${tokens}, its number of tokens, got ${shown(promptTokens)}`,
    );
  }
  if (!poolsPrompt && promptTokens === tokens) {
    fail("must have a token after its prompt, since the model does not pool prompts");
  }
  return promptTokens;
}

function isBelow(value: unknown, limit: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  const { length } = value as { length?: unknown };
  return Number.isSafeInteger(length) && (length as number) >= 0;
}

/** Objects are shown by their kind, since their own `toString` may throw. */
function shown(value: unknown): string {
  const isObject = typeof value === "object" || typeof value === "function";
  return isObject ? kindOf(value) : String(value);
}
