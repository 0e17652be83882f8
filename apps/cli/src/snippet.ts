import { printable } from "@ripvec/core";

export interface SnippetLine {
  readonly number: number;
  /** As the file has it. */
  readonly text: string;
}

const snippetLines = 4;
/** Every second line begins a snippet, so that looking at all of them costs twice the chunk. The last holds as many lines. */
const step = 2;

/** What can be shown of a chunk: a few lines each, in their order, without blank lines at both ends. */
export function snippets(chunk: { readonly text: string; readonly from: number }): SnippetLine[][] {
  const lines = chunk.text.split("\n").map((text, index) => ({ number: chunk.from + index, text }));
  const lastStart = Math.max(lines.length - snippetLines, 0);
  const all: SnippetLine[][] = [];
  for (let start = 0; start < lastStart + step; start += step) {
    const from = Math.min(start, lastStart);
    const kept = withoutOuterBlanks(lines.slice(from, from + snippetLines));
    if (kept.length > 0) all.push(kept);
  }
  return all;
}

/** A line for the screen: text of a file must not steer the terminal. */
export function shownLine(text: string): string {
  return printable(text.replaceAll("\t", "  ").trimEnd());
}

function withoutOuterBlanks(lines: readonly SnippetLine[]): SnippetLine[] {
  const first = lines.findIndex((line) => /\S/.test(line.text));
  const last = lines.findLastIndex((line) => /\S/.test(line.text));
  return first < 0 ? [] : lines.slice(first, last + 1);
}
