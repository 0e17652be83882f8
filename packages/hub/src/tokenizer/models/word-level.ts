import type { JsonObject } from "@ripvec/core/arch";
import type { PieceReader, TokenModel } from "../steps.js";
import { noSteps } from "../stream/stage.js";
import { lazy } from "../unicode/lazy.js";
import { longestToken, readUnknownId, readVocabulary } from "./vocabulary.js";

/** The remaining text of an unknown piece. */
const skipping: PieceReader = { add: () => noSteps, end: () => noSteps };

/** WordLevel: each piece is one token, or the unknown token. */
export function createWordLevel(json: JsonObject): TokenModel {
  const vocabulary = readVocabulary(json);
  const unknown = readUnknownId(json, vocabulary);
  return {
    size: vocabulary.size,
    vocabulary,
    idOf: (token) => vocabulary.get(token),
    tokenize: (text, ids) => {
      ids.push(vocabulary.get(text) ?? unknown);
    },
    shortPiece: lazy(() => longestToken(vocabulary)),
    openPiece: (ids) => {
      ids.push(unknown);
      return skipping;
    },
  };
}
