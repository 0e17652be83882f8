import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { readObject, shown } from "../fields.js";
import type { TokenModel } from "../steps.js";
import { createBpe } from "./bpe.js";
import { asReferenceReads } from "./score.js";
import { createUnigram } from "./unigram.js";
import { createWordLevel } from "./word-level.js";
import { createWordPiece } from "./word-piece.js";

/**
 * Reads `model` of tokenizer.json; `exactScores` as in TokenizerOptions. Throws ModelFileError for
 * an unsupported type and for malformed fields.
 */
export function createModel(json: unknown, exactScores: boolean): TokenModel {
  const model = readObject(json, "model");
  switch (model.type ?? typeOf(model)) {
    case "WordPiece":
      return createWordPiece(model);
    case "BPE":
      return createBpe(model);
    case "Unigram":
      return createUnigram(model, exactScores ? asWritten : asReferenceReads);
    case "WordLevel":
      return createWordLevel(model);
    default:
      throw new ModelFileError(`model has the type ${shown(model.type)}, which is not supported`);
  }
}

const asWritten = (score: number): number => score;

/** The type of a model in files of versions that did not write it. */
function typeOf(model: JsonObject): string | undefined {
  if (Array.isArray(model.vocab)) return "Unigram";
  if ("merges" in model) return "BPE";
  if ("max_input_chars_per_word" in model) return "WordPiece";
  return "unk_token" in model ? "WordLevel" : undefined;
}
