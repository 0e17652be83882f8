import { compilePattern } from "../regex/compile-pattern.js";
import type { StepFields } from "../step-fields.js";
import type { PreTokenizer } from "../steps.js";
import { occurrencesOf } from "./occurrences.js";
import { piecesOf, splitBehaviors, splitPiece } from "./split-piece.js";

/** Splits at the matches of a pattern, or with `invert` at the text between them. */
export function split(step: StepFields): PreTokenizer {
  const pattern = step.pattern("pattern");
  const behavior = step.choice("behavior", splitBehaviors);
  const invert = step.flag("invert");
  if (!pattern.isRegex && pattern.source !== "") {
    const find = occurrencesOf(pattern.source);
    return (piece) => splitPiece(piece, find, behavior, invert);
  }
  const { find, cover } = compilePattern(pattern);
  if (behavior !== "Isolated") return (piece) => splitPiece(piece, find, behavior, invert);
  return (piece) => piecesOf(piece, cover(piece.text)) ?? splitPiece(piece, find, behavior);
}
