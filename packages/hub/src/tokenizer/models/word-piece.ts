import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { readId, readString } from "../fields.js";
import type { TokenModel } from "../steps.js";
import { LongPiece } from "./long-piece.js";
import {
  hasMoreCharacters,
  longestToken,
  readUnknownId,
  readVocabulary,
  type Vocabulary,
} from "./vocabulary.js";

/**
 * Far more than the tokens of a trained vocabulary have: most of these make words of more than 100
 * characters unknown.
 */
const maxTokenUnits = 256;

/**
 * WordPiece: the longest token that begins the word, then the longest token that continues it, and
 * so on. A word is unknown when it cannot be covered or has more than `max_input_chars_per_word`
 * characters. Takes time linear in the length of the word, times the square of the length of the
 * longest token.
 */
export function createWordPiece(json: JsonObject): TokenModel {
  const vocabulary = readVocabulary(json);
  const unknown = readUnknownId(json, vocabulary);
  const prefix = readString(json.continuing_subword_prefix, "model.continuing_subword_prefix");
  const maxChars = readId(json.max_input_chars_per_word, "model.max_input_chars_per_word");
  const continuing = withoutPrefix(vocabulary, prefix);
  const longestFirst = longestKnown(vocabulary, maxChars);
  const longestNext = longestKnown(continuing, maxChars);

  /** Appends the tokens of a word; false when no token covers a part of it. */
  const cover = (word: string, ids: number[]): boolean => {
    let start = 0;
    while (start < word.length) {
      const tokens = start === 0 ? vocabulary : continuing;
      let end = Math.min(word.length, start + (start === 0 ? longestFirst : longestNext));
      let id: number | undefined;
      for (; end > start; end--) {
        id = tokens.get(word.slice(start, end));
        if (id !== undefined) break;
      }
      if (id === undefined) return false;
      ids.push(id);
      start = end;
    }
    return true;
  };

  return {
    size: vocabulary.size,
    vocabulary,
    idOf: (token) => vocabulary.get(token),
    tokenize: (word, ids) => {
      const before = ids.length;
      if (!hasMoreCharacters(word, maxChars) && cover(word, ids)) return;
      ids.length = before;
      ids.push(unknown);
    },
    shortPiece: () => 0,
    openPiece: (ids) =>
      new LongPiece({ vocabulary, continuing, longestFirst, longestNext, maxChars, unknown, ids }),
  };
}

/**
 * Length of the longest token that a word of `maxChars` characters may hold, in UTF-16 units.
 * Throws ModelFileError when it is so long that the work at each position of a long word would be
 * too large.
 */
function longestKnown(vocabulary: Vocabulary, maxChars: number): number {
  const longest = Math.min(longestToken(vocabulary), 2 * maxChars);
  if (longest <= maxTokenUnits) return longest;
  throw new ModelFileError(
    `model.vocab holds a token of ${longest} characters, the limit is ${maxTokenUnits}`,
  );
}

/** Tokens that continue a word, without the prefix. */
function withoutPrefix(vocabulary: Vocabulary, prefix: string): Vocabulary {
  if (prefix === "") return vocabulary;
  const continuing = new Map<string, number>();
  for (const [token, id] of vocabulary) {
    if (token.startsWith(prefix)) continuing.set(token.slice(prefix.length), id);
  }
  return continuing;
}
