import { readStep } from "../step-fields.js";
import type { Piece, PreTokenizer } from "../steps.js";
import { byteLevel } from "./byte-level.js";
import {
  bertPreTokenizer,
  charDelimiterSplit,
  digits,
  punctuationSplit,
  whitespace,
  whitespaceSplit,
} from "./character-splits.js";
import { fixedLength } from "./fixed-length.js";
import { metaspace } from "./metaspace.js";
import { split } from "./split.js";
import { unicodeScripts } from "./unicode-scripts.js";

/**
 * The pre-tokenizer that `pre_tokenizer` of tokenizer.json describes; null leaves the text in one piece. No piece is
 * empty. Throws an Error that names the step and its field when it is malformed, unknown, or has a pattern that is not
 * supported.
 */
export function createPreTokenizer(json: unknown): PreTokenizer {
  if (json === null || json === undefined) return (piece) => (piece.text === "" ? [] : [piece]);
  return createStep(json, true);
}

function createStep(json: unknown, isFirst: boolean): PreTokenizer {
  const step = readStep(json, "pre-tokenizer");
  switch (step.type) {
    case "BertPreTokenizer":
      return bertPreTokenizer;
    case "ByteLevel":
      return byteLevel(step);
    case "CharDelimiterSplit":
      return charDelimiterSplit(step);
    case "Metaspace":
      return metaspace(step, isFirst);
    case "Whitespace":
      return whitespace;
    case "WhitespaceSplit":
      return whitespaceSplit;
    case "Sequence":
      return inSequence(
        step.list("pretokenizers").map((inner, i) => createStep(inner, isFirst && i === 0)),
      );
    case "Split":
      return split(step);
    case "Punctuation":
      return punctuationSplit(step);
    case "Digits":
      return digits(step);
    case "UnicodeScripts":
      return unicodeScripts;
    case "FixedLength":
      return fixedLength(step);
    default:
      throw step.error("is not known");
  }
}

function inSequence(steps: readonly PreTokenizer[]): PreTokenizer {
  return (piece) =>
    steps.reduce<readonly Piece[]>(
      (pieces, step) => pieces.flatMap((part) => step(part)),
      piece.text === "" ? [] : [piece],
    );
}
