import type { Piece } from "../steps.js";

export const splitBehaviors = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
] as const;

/** What is done with a delimiter between two pieces. */
export type SplitBehavior = (typeof splitBehaviors)[number];

/**
 * The places of the delimiters in a text: [start, end, start, end, …] in UTF-16 units, in order,
 * not overlapping.
 */
export type MatchFinder = (text: string) => readonly number[];

interface Part {
  readonly start: number;
  readonly end: number;
  readonly isDelimiter: boolean;
}

/**
 * Splits a piece at its delimiters; with `invert`, the delimiters are the text that `find` does not
 * find.
 */
export function splitPiece(
  piece: Piece,
  find: MatchFinder,
  behavior: SplitBehavior,
  invert = false,
): Piece[] {
  const parts = merge(partsOf(piece.text, find, invert), behavior);
  const pieces: Piece[] = [];
  for (const { start, end } of parts) {
    if (end > start) {
      pieces.push({ text: piece.text.slice(start, end), atStart: piece.atStart && start === 0 });
    }
  }
  return pieces;
}

/** A piece divided into the given parts, which are adjacent from its start. */
export function piecesOf(piece: Piece, texts: readonly string[]): Piece[];
export function piecesOf(piece: Piece, texts: readonly string[] | undefined): Piece[] | undefined;
export function piecesOf(piece: Piece, texts: readonly string[] | undefined): Piece[] | undefined {
  return texts?.map((text, i) => ({ text, atStart: piece.atStart && i === 0 }));
}

function partsOf(text: string, find: MatchFinder, invert: boolean): Part[] {
  const parts: Part[] = [];
  const matches = find(text);
  let from = 0;
  for (let i = 0; i < matches.length; i += 2) {
    const [start = 0, end = 0] = [matches[i], matches[i + 1]];
    if (start > from) parts.push({ start: from, end: start, isDelimiter: invert });
    parts.push({ start, end, isDelimiter: !invert });
    from = end;
  }
  if (from < text.length) parts.push({ start: from, end: text.length, isDelimiter: invert });
  return parts;
}

function merge(parts: readonly Part[], behavior: SplitBehavior): readonly Part[] {
  switch (behavior) {
    case "Removed":
      return parts.filter((part) => !part.isDelimiter);
    case "Isolated":
      return parts;
    case "MergedWithPrevious":
      return join(parts, (part, before) => part.isDelimiter && !before);
    case "MergedWithNext":
      return join(parts.toReversed(), (part, before) => part.isDelimiter && !before).reverse();
    case "Contiguous":
      return join(parts, (part, before) => part.isDelimiter === before);
    default:
      return behavior satisfies never;
  }
}

/**
 * Joins each part for which `joins` is true to the previous one. The text before the first part
 * counts as not a delimiter.
 */
function join(
  parts: readonly Part[],
  joins: (part: Part, wasDelimiter: boolean) => boolean,
): Part[] {
  const joined: Part[] = [];
  let wasDelimiter = false;
  for (const part of parts) {
    const last = joined.at(-1);
    if (last && joins(part, wasDelimiter)) {
      const [start, end] = [Math.min(last.start, part.start), Math.max(last.end, part.end)];
      joined[joined.length - 1] = { start, end, isDelimiter: false };
    } else {
      joined.push(part);
    }
    wasDelimiter = part.isDelimiter;
  }
  return joined;
}
