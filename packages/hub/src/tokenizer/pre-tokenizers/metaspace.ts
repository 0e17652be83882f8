import type { StepFields } from "../step-fields.js";
import type { Piece, PreTokenizer } from "../steps.js";
import { occurrencesOf } from "./occurrences.js";
import { splitPiece } from "./split-piece.js";

const prependSchemes = ["always", "first", "never"] as const;

/**
 * Writes a mark in place of each space and one before the text, and splits before each mark.
 * `isFirst` says that no other pre-tokenizer has split the text: after a split it is not known
 * which part begins at the start of the original text, as scheme "first" requires.
 */
export function metaspace(step: StepFields, isFirst: boolean): PreTokenizer {
  const mark = step.character("replacement");
  const scheme = step.choice("prepend_scheme", prependSchemes, "always");
  const split = step.optionalFlag("split") ?? true;
  if (step.optionalFlag("add_prefix_space") === false && scheme !== "never") {
    throw step.error(`"add_prefix_space" false contradicts "prepend_scheme" ${scheme}`);
  }
  if (scheme === "first" && !isFirst) {
    throw step.error('"prepend_scheme" first after another pre-tokenizer is not supported');
  }
  const find = occurrencesOf(mark);
  const cut = split
    ? (piece: Piece): Piece[] => splitPiece(piece, find, "MergedWithNext")
    : (piece: Piece): Piece[] => [piece];
  return ({ text, atStart }) => {
    if (text === "") return [];
    const marked = text.replaceAll(" ", () => mark);
    const prepends = scheme === "always" || (scheme === "first" && atStart);
    return cut({ text: prepends && !marked.startsWith(mark) ? mark + marked : marked, atStart });
  };
}
