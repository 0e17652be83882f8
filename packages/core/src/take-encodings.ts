import type { Encoding } from "./encoding.js";
import { InputError, TooLongError } from "./errors.js";

export interface EncodingLimits {
  readonly maxTokens: number;
  readonly vocabSize: number;
  /** Token types the model knows; 0 and 1 both mean that only type 0 is allowed. */
  readonly tokenTypes: number;
  /** False: the tokens of the prompt are not pooled, so others must be left. */
  readonly poolsPrompt: boolean;
}

/** The real tokens of an encoding, in memory that nobody else writes. */
export interface TakenEncoding extends Encoding {
  readonly inputIds: Int32Array;
  readonly attentionMask?: undefined;
  readonly tokenTypeIds: Int32Array | undefined;
}

/**
 * Checks encodings and copies their real tokens. Each element is read once, so what was checked is what is embedded,
 * whatever the caller's arrays do later. Throws InputError or TooLongError, with the index, at the first encoding that
 * the model cannot take. Ids and types of masked tokens don't matter.
 */
export function takeEncodings(
  encodings: readonly Encoding[],
  limits: EncodingLimits,
): readonly TakenEncoding[] {
  if (!Array.isArray(encodings)) throw new InputError("encodings must be an array");
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
      fail(`${name} has ${array.length} entries, inputIds has ${length}`);
    }
  }
  return { length, inputIds, attentionMask, tokenTypeIds, promptTokens };
}

/** Of more than `maxTokens` real tokens the rest is counted, and not kept. */
function realTokens(
  { length, inputIds, attentionMask, tokenTypeIds }: EncodingArrays,
  limits: EncodingLimits,
  fail: Fail,
): { inputIds: Int32Array; tokenTypeIds: Int32Array | undefined; tokens: number } {
  const typeCount = Math.max(limits.tokenTypes, 1);
  const most = Math.min(length, limits.maxTokens);
  const ids = new Int32Array(most);
  const types = tokenTypeIds && new Int32Array(most);
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
      `promptTokens must be a whole number up to its ${tokens} tokens, got ${shown(promptTokens)}`,
    );
  }
  if (!poolsPrompt && promptTokens === tokens) {
    fail("has no token besides its prompt, and the model does not pool the prompt");
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

/** Objects by their kind alone: their own `toString` may throw. */
function shown(value: unknown): string {
  if (value === null) return "null";
  const isPlain = typeof value !== "object" && typeof value !== "function";
  return isPlain ? String(value) : typeof value === "object" ? "an object" : "a function";
}
