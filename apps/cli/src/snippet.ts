import { printable } from "@ripvec/core";
import { stemPattern } from "./query-words.js";

export interface SnippetLine {
  readonly number: number;
  readonly text: string;
}

const snippetLines = 4;

/** A few lines of a chunk, from one with a query's stem on, that hold most of the stems; else its first lines. */
export function snippet(
  chunk: { readonly text: string; readonly from: number },
  stems: readonly string[],
): SnippetLine[] {
  const lines = chunk.text
    .split("\n")
    .map((text, index) => ({ number: chunk.from + index, text: shown(text) }));
  const pattern = stemPattern(stems);
  let best = 0;
  let bestCount = 0;
  for (let start = 0; start < lines.length; start++) {
    if (distinctMatches(lines.slice(start, start + 1), pattern) === 0) continue;
    const count = distinctMatches(lines.slice(start, start + snippetLines), pattern);
    if (count > bestCount) [best, bestCount] = [start, count];
  }
  return withoutOuterBlanks(lines.slice(best, best + snippetLines));
}

/** Text of a file must not steer the terminal. */
function shown(text: string): string {
  return printable(text.replaceAll("\t", "  ").trimEnd());
}

function distinctMatches(lines: readonly SnippetLine[], pattern: RegExp | undefined): number {
  if (!pattern) return 0;
  const found = lines.flatMap((line) => line.text.toLowerCase().match(pattern) ?? []);
  return new Set(found).size;
}

function withoutOuterBlanks(lines: readonly SnippetLine[]): SnippetLine[] {
  const first = lines.findIndex((line) => /\S/.test(line.text));
  const last = lines.findLastIndex((line) => /\S/.test(line.text));
  return first < 0 ? [] : lines.slice(first, last + 1);
}
