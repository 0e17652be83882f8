import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isId, isWellFormed, readId, readObject, readString, shown } from "../fields.js";
import { sizeAt } from "../unicode/size-at.js";

/** Ids of the tokens of a model. */
export type Vocabulary = ReadonlyMap<string, number>;

/** `model.vocab` of every model except Unigram: an object from tokens to ids. */
export function readVocabulary(model: JsonObject): Vocabulary {
  const json = readObject(model.vocab, "model.vocab");
  const vocabulary = new Map<string, number>();
  for (const token in json) {
    if (!isWellFormed(token)) {
      throw new ModelFileError(`model.vocab holds ${shown(token)}, which has a lone surrogate`);
    }
    vocabulary.set(token, idOf(json[token], token));
  }
  return vocabulary;
}

function idOf(value: unknown, token: string): number {
  return isId(value) ? value : readId(value, `model.vocab: the id of ${shown(token)}`);
}

/** Id of `model.unk_token`, which the vocabulary must have, because any text may need it. */
export function readUnknownId(model: JsonObject, vocabulary: Vocabulary): number {
  const token = readString(model.unk_token, "model.unk_token");
  const id = vocabulary.get(token);
  if (id !== undefined) return id;
  throw new ModelFileError(`has no id for its unknown token ${shown(token)}`);
}

/** Length of the longest token, in UTF-16 units. */
export function longestToken(vocabulary: Vocabulary): number {
  let longest = 0;
  for (const token of vocabulary.keys()) longest = Math.max(longest, token.length);
  return longest;
}

/** Whether the text has more than `limit` characters (code points). */
export function hasMoreCharacters(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let count = 0;
  for (let at = 0; at < text.length && count <= limit; count++) {
    at += sizeAt(text, at);
  }
  return count > limit;
}
