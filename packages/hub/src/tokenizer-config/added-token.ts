import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";

/**
 * A token that is found in the text before the tokenizer's steps, with the field names of
 * tokenizer.json.
 */
export interface AddedToken {
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Default: the opposite of `special`. */
  readonly normalized?: boolean | undefined;
  readonly special: boolean;
}

export function plainToken(content: string, flags: Partial<AddedToken> = {}): AddedToken {
  return { content, single_word: false, lstrip: false, rstrip: false, special: false, ...flags };
}

/**
 * An added token as files hold it. Throws ModelFileError that names the place of a flag which is
 * not true or false.
 */
export function readAddedToken(value: unknown, place: string): AddedToken {
  if (!isJsonObject(value) || typeof value.content !== "string") {
    throw new ModelFileError("an added token must have a content", { path: place });
  }
  const flag = (key: string, fallback: boolean): boolean => {
    const given = value[key] === undefined ? fallback : value[key];
    if (typeof given === "boolean") return given;
    throw new ModelFileError(`${key} of ${JSON.stringify(value.content)} must be true or false`, {
      path: place,
    });
  };
  return {
    content: value.content,
    single_word: flag("single_word", false),
    lstrip: flag("lstrip", false),
    rstrip: flag("rstrip", false),
    ...(value.normalized !== undefined && { normalized: flag("normalized", true) }),
    special: flag("special", false),
  };
}

/** transformers marks added tokens in tokenizer_config.json by a type field. */
export const isTypedToken = (value: unknown): value is JsonObject =>
  isJsonObject(value) && value.__type === "AddedToken";

/** The token with every flag, in the order of tokenizer.json. */
export function completeToken(token: AddedToken): AddedToken {
  const { content, single_word, lstrip, rstrip, special } = token;
  const normalized = token.normalized ?? !special;
  return { content, single_word, lstrip, rstrip, normalized, special };
}
