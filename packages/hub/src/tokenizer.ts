import { type Encoding, InputError, ModelFileError, type Tokenizer } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { type CompiledTokenizer, compileTokenizer } from "./tokenizer/compile-tokenizer.js";
import { encodeParts } from "./tokenizer/encode-parts.js";
import { wellFormed } from "./tokenizer/fields.js";

export interface TokenizerOptions {
  /** Whether encodings have token types: all 0, because each encoding is of a single text. */
  readonly tokenTypes?: boolean;
  /**
   * Whether special tokens in a text are treated as text, as with `split_special_tokens` of
   * transformers.
   */
  readonly splitSpecialTokens?: boolean;
  /**
   * Whether the scores of a Unigram model are used as written. Otherwise they are read as the Rust
   * library reads them from a file, which may differ in the last digit and decides between
   * segmentations that would be equal.
   */
  readonly exactScores?: boolean;
  /** Number of rows of the embedding table; ids must be below it. Absent: this is not checked. */
  readonly rows?: number | undefined;
  /** The file that the JSON comes from, for messages. */
  readonly path?: string;
}

/**
 * Makes a tokenizer from the contents of tokenizer.json. It adds special tokens, and neither
 * truncates nor pads. Lone surrogates in a text are read as U+FFFD. Throws ModelFileError when the
 * file is malformed or has a step that is not supported.
 */
export function createTokenizer(json: JsonObject, options: TokenizerOptions = {}): Tokenizer {
  const { tokenTypes = false } = options;
  const { tokenize, stream, postProcessor } = compile(json, options);
  const { prefix, suffix } = postProcessor;

  const encodingOf = (inner: readonly number[]): Encoding => {
    const inputIds = Int32Array.from([...prefix, ...inner, ...suffix]);
    return {
      inputIds,
      attentionMask: new Uint8Array(inputIds.length).fill(1),
      ...(tokenTypes && { tokenTypeIds: new Uint8Array(inputIds.length) }),
    };
  };

  const encode = (text: string): Encoding => {
    if (typeof text !== "string")
      throw new InputError(`a text must be a string, got ${typeof text}`);
    const ids: number[] = [];
    tokenize(wellFormed(text), ids);
    return encodingOf(ids);
  };

  return {
    prefixTokens: prefix.length,
    suffixTokens: suffix.length,
    encode,
    *encodeLong(parts, options) {
      const { ids, tokens, isWhole } = yield* encodeParts(stream, parts, options);
      return {
        encoding: encodingOf(ids),
        tokens: prefix.length + tokens + suffix.length,
        isWhole,
      };
    },
    encodeBatch: (texts) =>
      texts.map((text, index) => {
        if (typeof text === "string") return encode(text);
        throw new InputError(`text ${index} must be a string, got ${typeof text}`, { index });
      }),
  };
}

function compile(json: JsonObject, options: TokenizerOptions): CompiledTokenizer {
  try {
    return compileTokenizer(json, {
      splitSpecialTokens: options.splitSpecialTokens ?? false,
      exactScores: options.exactScores ?? false,
      rows: options.rows ?? Number.POSITIVE_INFINITY,
    });
  } catch (cause) {
    throw new ModelFileError(
      `cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
      { ...(options.path !== undefined && { path: options.path }), cause },
    );
  }
}
