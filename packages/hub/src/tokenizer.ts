import {
  Tokenizer as HuggingFaceTokenizer,
  PrecompiledNormalizer,
  SequenceNormalizer,
  Unigram,
} from "@huggingface/tokenizers";
import {
  type Encoding,
  InputError,
  type JsonObject,
  ModelFileError,
  type Tokenizer,
} from "@ripvec/core";
import { isJsonObject } from "./model-files.js";
import { PrecompiledCharsmap } from "./tokenizer/normalizers/precompiled-charsmap.js";
import { countSuffixTokens, prepareTokenizerJson } from "./tokenizer-json.js";
import { mostLikelyPieces } from "./unigram-search.js";

export interface TokenizerOptions {
  /** Whether encodings carry token types: all 0, as for every single text. */
  readonly tokenTypes?: boolean;
  /** File that the JSON came from, for messages. */
  readonly path?: string;
}

/**
 * A tokenizer from the contents of tokenizer.json: adds special tokens, neither truncates nor pads.
 * Throws ModelFileError when the file asks for a step that is not known.
 */
export function createTokenizer(json: JsonObject, options: TokenizerOptions = {}): Tokenizer {
  const place = options.path === undefined ? {} : { path: options.path };
  const { tokenTypes = false } = options;
  const library = build(json, place);

  const encode = (text: string): Encoding => {
    if (typeof text !== "string")
      throw new InputError(`a text must be a string, got ${typeof text}`);
    const wellFormed = text.replace(/\p{Surrogate}/gu, "\uFFFD");
    const { ids, tokens } = library.encode(wellFormed);
    const unknown = ids.findIndex((id) => !Number.isInteger(id));
    if (unknown >= 0) {
      throw new ModelFileError(
        `has no id for token ${JSON.stringify(tokens[unknown])} and no unknown token`,
        place,
      );
    }
    return {
      inputIds: Int32Array.from(ids),
      attentionMask: new Uint8Array(ids.length).fill(1),
      ...(tokenTypes && { tokenTypeIds: new Uint8Array(ids.length) }),
    };
  };

  return {
    suffixTokens: countSuffixTokens(json.post_processor),
    encode,
    encodeBatch: (texts) =>
      texts.map((text, index) => {
        if (typeof text === "string") return encode(text);
        throw new InputError(`text ${index} must be a string, got ${typeof text}`, { index });
      }),
  };
}

function build(json: JsonObject, place: { path?: string }): HuggingFaceTokenizer {
  try {
    const prepared = prepareTokenizerJson(json);
    const unknownToken = isJsonObject(json.model) ? json.model.unk_token : undefined;
    const library = new HuggingFaceTokenizer(prepared, { unk_token: unknownToken });
    usePrecompiledCharsmaps(library.normalizer);
    useLinearSearch(library.model);
    return library;
  } catch (cause) {
    throw new ModelFileError(
      `cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
      { ...place, cause },
    );
  }
}

/** The library does something like NFKC instead of what the table in the file says. */
function usePrecompiledCharsmaps(step: HuggingFaceTokenizer["normalizer"]): void {
  if (step instanceof SequenceNormalizer) {
    for (const inner of step.normalizers) usePrecompiledCharsmaps(inner);
  } else if (step instanceof PrecompiledNormalizer) {
    const charsmap = new PrecompiledCharsmap(String(step.charsmap ?? ""));
    step.normalize = (text) => charsmap.normalize(text);
  }
}

/** The library's own search overflows the stack and takes quadratic time on long texts without spaces. */
function useLinearSearch(model: HuggingFaceTokenizer["model"]): void {
  if (!(model instanceof Unigram)) return;
  const byteFallback = "byte_fallback" in model.config && model.config.byte_fallback === true;
  model.encode = (words) => words.flatMap((word) => mostLikelyPieces(word, model, byteFallback));
  model.fuse_unk = false;
}
