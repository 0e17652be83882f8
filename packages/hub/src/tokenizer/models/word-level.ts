import type { JsonObject } from "@ripvec/core";
import type { TokenModel } from "../steps.js";
import { readUnknownId, readVocabulary } from "./vocabulary.js";

/** WordLevel: each piece is one token, or the unknown one. */
export function createWordLevel(json: JsonObject): TokenModel {
  const vocabulary = readVocabulary(json);
  const unknown = readUnknownId(json, vocabulary);
  return {
    size: vocabulary.size,
    idOf: (token) => vocabulary.get(token),
    tokenize: (text, ids) => {
      ids.push(vocabulary.get(text) ?? unknown);
    },
  };
}
