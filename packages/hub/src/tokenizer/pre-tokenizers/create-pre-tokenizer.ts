import { growsTooLong, lengthLimit } from "../normalizers/growth.js";
import { readStep, type StepFields } from "../step-fields.js";
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
 * The pre-tokenizer that `pre_tokenizer` of tokenizer.json describes; null leaves the text in one
 * piece. No piece is empty. Throws an Error that names the step and its field when it is malformed,
 * unknown, or has an unsupported pattern. The pre-tokenizer throws ModelFileError that names the
 * step when the pieces together grow beyond `lengthLimit`.
 */
export function createPreTokenizer(json: unknown): PreTokenizer {
  const steps = json === null || json === undefined ? [] : stepsOf(json, true);
  return (piece) => {
    const limit = lengthLimit(piece.text);
    let pieces: readonly Piece[] = piece.text === "" ? [] : [piece];
    for (const { step, cut } of steps) {
      pieces = pieces.flatMap((part) => cut(part));
      if (steps.length > 1 && lengthOf(pieces) > limit) throw growsTooLong(step, limit);
    }
    return pieces;
  };
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

interface Step {
  readonly step: StepFields;
  readonly cut: PreTokenizer;
}

/** Nested sequences form one list of steps. */
function stepsOf(json: unknown, isFirst: boolean): Step[] {
  const step = readStep(json, "pre-tokenizer");
  if (step.type !== "Sequence") return [{ step, cut: createStep(step, isFirst) }];
  return step.list("pretokenizers").flatMap((inner, i) => stepsOf(inner, isFirst && i === 0));
}

function createStep(step: StepFields, isFirst: boolean): PreTokenizer {
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
      throw step.error("is not supported");
  }
}
