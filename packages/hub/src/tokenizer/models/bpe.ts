import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { optional, readBoolean, readList, readString, shown } from "../fields.js";
import type { TokenModel } from "../steps.js";
import { lazy } from "../unicode/lazy.js";
import { LongWord } from "./long-word.js";
import { MergeSpans } from "./merge-spans.js";
import { MergeTable } from "./merge-table.js";
import { maxMerges, WordMerger } from "./merge-word.js";
import { longestToken, readVocabulary, type Vocabulary } from "./vocabulary.js";
import { WordCache } from "./word-cache.js";
import { baseIds, readSymbolRules, WordSymbols } from "./word-symbols.js";

/**
 * Byte-pair encoding: starts from the characters of a word and merges neighbours in the order of
 * the list `merges`. A character that is not a token becomes its UTF-8 bytes (`byte_fallback`), the
 * unknown token, or nothing.
 */
export function createBpe(json: JsonObject): TokenModel {
  const vocabulary = readVocabulary(json);
  const prefix = optional(
    json.continuing_subword_prefix,
    "",
    readString,
    "model.continuing_subword_prefix",
  );
  const merges = readMerges(json, vocabulary, prefix);
  const merger = new WordMerger(merges);
  const ignoreMerges = optional(json.ignore_merges, false, readBoolean, "model.ignore_merges");
  const rules = readSymbolRules(json, vocabulary, prefix);
  refuseDropout(json.dropout);
  const cache = new WordCache();
  const spans = new MergeSpans(merges, () => baseIds(vocabulary, rules));

  const find = (word: string): number[] => {
    const symbols = new WordSymbols(rules);
    symbols.add(word);
    const found: number[] = [];
    merger.merge(symbols.end(), found);
    return found;
  };

  return {
    size: vocabulary.size,
    vocabulary,
    idOf: (token) => vocabulary.get(token),
    tokenize: (word, ids) => {
      const whole = ignoreMerges ? vocabulary.get(word) : undefined;
      if (whole !== undefined) ids.push(whole);
      else cache.append(word, ids, () => find(word));
    },
    shortPiece: lazy(() => (ignoreMerges ? longestToken(vocabulary) : 0)),
    openPiece: (ids) => new LongWord({ merger, spans, symbols: new WordSymbols(rules), ids }),
  };
}

/** `model.merges`: pairs, or "a b" in files of older versions. */
function readMerges(json: JsonObject, vocabulary: Vocabulary, prefix: string): MergeTable {
  const list = readList(json.merges, "model.merges");
  if (list.length > maxMerges)
    throw new ModelFileError(`model.merges has ${list.length} merges, the limit is ${maxMerges}`);
  const idOf = (token: string) => {
    const id = vocabulary.get(token);
    if (id === undefined)
      throw new ModelFileError(`model.merges names ${shown(token)}, which is not in model.vocab`);
    return id;
  };
  const table = new MergeTable(list.length);
  let rank = 0;
  for (const item of list) {
    if (typeof item === "string" && item.startsWith("#version")) continue;
    const [left, right] = readPair(item);
    if (!right.startsWith(prefix))
      throw new ModelFileError(
        `model.merges continues a word with ${shown(right)}, which does not begin with the prefix ${shown(prefix)}`,
      );
    table.set(rank++, idOf(left), idOf(right), idOf(left + right.slice(prefix.length)));
  }
  return table;
}

function readPair(item: unknown): readonly [string, string] {
  if (typeof item === "string") {
    const space = item.indexOf(" ");
    if (space >= 0 && item.indexOf(" ", space + 1) < 0) {
      return [item.slice(0, space), item.slice(space + 1)];
    }
  } else if (Array.isArray(item) && item.length === 2) {
    const [left, right] = item;
    if (typeof left === "string" && typeof right === "string") return [left, right];
  }
  throw new ModelFileError(`model.merges holds ${shown(item)}, which is not a pair of tokens`);
}

/** Dropout skips merges at random. It is meant for training. */
function refuseDropout(value: unknown): void {
  if (value === undefined || value === null || value === 0) return;
  throw new ModelFileError(`model.dropout must be null or 0, got ${shown(value)}`);
}
