import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { optional, readBoolean, readId, readList, readString, shown } from "../fields.js";
import type { TokenModel } from "../steps.js";
import { Trie } from "../trie.js";
import { lazy } from "../unicode/lazy.js";
import { sizeAt } from "../unicode/size-at.js";
import { byteIds, hasEveryByte } from "./byte-ids.js";
import { LongSentence, type UnigramVocabulary } from "./long-sentence.js";
import { WordCache } from "./word-cache.js";

/** Difference of log-probability between an unknown character and the least likely token. */
const unknownPenalty = 10;

/**
 * Unigram: the most likely segmentation of a text into tokens. A run of characters that no token
 * covers is one unknown token, or its UTF-8 bytes with `byte_fallback`.
 */
export function createUnigram(json: JsonObject, readScore: (score: number) => number): TokenModel {
  const vocabulary = readUnigramVocabulary(json, readScore);
  const fallback = optional(json.byte_fallback, false, readBoolean, "model.byte_fallback");
  const bytesOf = fallback ? byteIds(vocabulary.trie) : () => undefined;
  const { trie, unknown, size } = vocabulary;
  const hasAllBytes = lazy(() => fallback && hasEveryByte(trie));
  const cache = new WordCache();

  const find = (text: string): readonly number[] => {
    const { starts, tokens } = bestPath(text, vocabulary);
    const found: number[] = [];
    for (let end = text.length; end > 0; ) {
      let start = starts[end] ?? 0;
      const token = tokens[end] ?? unknown;
      if (token === unknown) {
        while (start > 0 && tokens[start] === unknown) start = starts[start] ?? 0;
        const run = text.slice(start, end);
        const id = trie.get(run);
        const bytes = id === undefined ? bytesOf(run) : undefined;
        // The ids are read from the end of the text, so they are reversed here.
        if (bytes) for (const byte of bytes.toReversed()) found.push(byte);
        else found.push(id ?? unknown);
      } else {
        found.push(token);
      }
      end = start;
    }
    return found.reverse();
  };

  return {
    size,
    idOf: (token) => trie.get(token),
    tokenize: (text, ids) => cache.append(text, ids, () => find(text)),
    shortPiece: () => 0,
    openPiece: (ids) => new LongSentence(vocabulary, { bytesOf, hasAllBytes: hasAllBytes() }, ids),
  };
}

/**
 * For every end of a token, in UTF-16 units: the start and the id of the best token that ends
 * there.
 */
function bestPath(
  text: string,
  { trie, scores, unknown, unknownScore }: UnigramVocabulary,
): { starts: Int32Array; tokens: Int32Array } {
  const length = text.length;
  const best = new Float64Array(length + 1);
  const starts = new Int32Array(length + 1).fill(-1);
  const tokens = new Int32Array(length + 1);
  const offer = (start: number, end: number, token: number, score: number) => {
    const sum = score + (best[start] ?? 0);
    if (starts[end] !== -1 && sum <= (best[end] ?? 0)) return;
    best[end] = sum;
    starts[end] = start;
    tokens[end] = token;
  };
  for (let start = 0; start < length; ) {
    const next = start + sizeAt(text, start);
    let covered = false;
    let node = 0;
    for (let at = start; at < length; ) {
      node = trie.step(node, text.charCodeAt(at++));
      if (node === 0) break;
      const token = trie.valueAt(node);
      if (token < 0) continue;
      offer(start, at, token, scores[token] ?? 0);
      covered ||= at === next;
    }
    if (!covered) offer(start, next, unknown, unknownScore);
    start = next;
  }
  return { starts, tokens };
}

function readUnigramVocabulary(
  json: JsonObject,
  readScore: (score: number) => number,
): UnigramVocabulary {
  const list = readList(json.vocab, "model.vocab");
  const unknown = readId(json.unk_id, "model.unk_id");
  if (unknown >= list.length) {
    throw new ModelFileError(`model.unk_id is ${unknown}, beyond the ${list.length} tokens`);
  }
  const tokens: string[] = [];
  const scores = new Float64Array(list.length);
  let units = 0;
  let longest = 0;
  for (const entry of list) {
    const [token, score] = readEntry(entry);
    scores[tokens.length] = readScore(score);
    tokens.push(token);
    units += token.length;
    longest = Math.max(longest, token.length);
  }
  const trie = new Trie(units);
  for (const [id, token] of tokens.entries()) trie.set(token, id);
  const lowest = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const unknownScore = lowest - unknownPenalty;
  return { trie, size: tokens.length, scores, unknown, unknownScore, longest };
}

function readEntry(entry: unknown): readonly [string, number] {
  if (Array.isArray(entry) && entry.length === 2) {
    const [token, score] = entry;
    if (typeof score === "number") return [readString(token, "each token of model.vocab"), score];
  }
  throw new ModelFileError(`model.vocab holds ${shown(entry)}, which is not a token and its score`);
}
