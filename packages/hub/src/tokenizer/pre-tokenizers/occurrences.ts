import type { MatchFinder } from "./split-piece.js";

/** Where a text that is not empty occurs, without overlaps. */
export function occurrencesOf(needle: string): MatchFinder {
  return (text) => {
    const matches: number[] = [];
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      matches.push(at, at + needle.length);
    }
    return matches;
  };
}
