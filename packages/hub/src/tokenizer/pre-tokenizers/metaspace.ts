import type { StepFields } from "../step-fields.js";
import type { Piece, PreTokenizer } from "../steps.js";
import { occurrencesOf } from "./occurrences.js";
import { splitPiece } from "./split-piece.js";

const prependSchemes = ["always", "first", "never"] as const;

/** Writes a mark for each space, and one before the text, and cuts before each mark. */
export function metaspace(step: StepFields): PreTokenizer {
  const mark = step.character("replacement");
  const scheme = step.choice("prepend_scheme", prependSchemes, "always");
  const split = step.optionalFlag("split") ?? true;
  if (step.optionalFlag("add_prefix_space") === false && scheme !== "never") {
    throw step.error(`"add_prefix_space" false does not go with "prepend_scheme" ${scheme}`);
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
