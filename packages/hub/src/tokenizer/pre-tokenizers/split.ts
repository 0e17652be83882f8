import { compilePattern } from "../regex/compile-pattern.js";
import type { StepFields } from "../step-fields.js";
import type { PreTokenizer } from "../steps.js";
import { occurrencesOf } from "./occurrences.js";
import { splitBehaviors, splitPiece } from "./split-piece.js";

/** Cuts at the matches of a pattern, or with `invert` at what lies between them. */
export function split(step: StepFields): PreTokenizer {
  const pattern = step.pattern("pattern");
  const behavior = step.choice("behavior", splitBehaviors);
  const invert = step.flag("invert");
  const isPlain = !pattern.isRegex && pattern.source !== "";
  const find = isPlain ? occurrencesOf(pattern.source) : compilePattern(pattern);
  return (piece) => splitPiece(piece, find, behavior, invert);
}
