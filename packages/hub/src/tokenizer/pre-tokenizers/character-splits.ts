import { matchesOf } from "../regex/matches.js";
import type { StepFields } from "../step-fields.js";
import type { PreTokenizer } from "../steps.js";
import { rustWord } from "../unicode/rust-word.js";
import { lazyRegExp, numeric, punctuation, whiteSpace } from "../unicode/sets.js";
import { occurrencesOf } from "./occurrences.js";
import { type MatchFinder, splitBehaviors, splitPiece } from "./split-piece.js";

const finder =
  (expression: () => RegExp): MatchFinder =>
  (text) =>
    matchesOf(expression(), text);

const mark = finder(lazyRegExp([punctuation], (marks) => `[${marks}]`));
const digit = finder(lazyRegExp([numeric], (body) => `[${body}]`));
const wordOrMark = lazyRegExp(
  [punctuation, whiteSpace],
  (marks, space) => `[${marks}]|[^${marks}${space}]+`,
);

const wordOrSymbols = lazyRegExp(
  [rustWord, whiteSpace],
  (word, space) => `[${word}]+|[^${word}${space}]+`,
);

/** The pieces are the matches of an expression without look-around. */
const keepMatches =
  (expression: () => RegExp): PreTokenizer =>
  ({ text, atStart }) =>
    (text.match(expression()) ?? []).map((part, i) => ({
      text: part,
      atStart: atStart && i === 0 && text.startsWith(part),
    }));

/** Words, and each punctuation mark by itself. */
export const bertPreTokenizer: PreTokenizer = keepMatches(wordOrMark);

/** Words of letters, marks, digits and connectors, and runs of other characters. */
export const whitespace: PreTokenizer = keepMatches(wordOrSymbols);

/** The text between white space. */
export const whitespaceSplit: PreTokenizer = keepMatches(
  lazyRegExp([whiteSpace], (space) => `[^${space}]+`),
);

export function punctuationSplit(step: StepFields): PreTokenizer {
  const behavior = step.choice("behavior", splitBehaviors, "Isolated");
  return (piece) => splitPiece(piece, mark, behavior);
}

export function digits(step: StepFields): PreTokenizer {
  const behavior = step.flag("individual_digits") ? "Isolated" : "Contiguous";
  return (piece) => splitPiece(piece, digit, behavior);
}

export function charDelimiterSplit(step: StepFields): PreTokenizer {
  const find = occurrencesOf(step.character("delimiter"));
  return (piece) => splitPiece(piece, find, "Removed");
}
