import { printable } from "@ripvec/core";
import { linesToSentenceEnd } from "./sentence.js";

export interface SnippetLine {
  readonly number: number;
  /** The lines as in the file. */
  readonly text: string;
}

const snippetLines = 4;
/**
 * Every second line begins a snippet, so that embedding all of them costs twice the chunk. The last
 * snippet is as long as the others.
 */
const step = 2;
/** Lines that are shown below a snippet when its last sentence ends there. */
const maxMoreLines = 2;
/** A line below a title in reStructuredText and Markdown. */
const underline = /^\s*([-=~^"#*+])\1{2,}\s*$/;

interface SnippetSource {
  readonly text: string;
  /** Number of the first line. */
  readonly from: number;
}

/** The snippets of a chunk: a few lines each, in order, without blank lines at both ends. */
export function snippets(chunk: SnippetSource): SnippetLine[][] {
  const lines = linesOf(chunk);
  const lastStart = Math.max(lines.length - snippetLines, 0);
  const all: SnippetLine[][] = [];
  for (let start = 0; start < lastStart + step; start += step) {
    const from = Math.min(start, lastStart);
    const kept = withoutOuterBlanks(lines.slice(from, from + snippetLines));
    if (kept.length > 0) all.push(kept);
  }
  return all;
}

/** The snippet with the lines below it, at most two, in which its last sentence ends. */
export function withSentenceEnd(
  chunk: SnippetSource,
  snippet: readonly SnippetLine[],
): readonly SnippetLine[] {
  const last = (snippet.at(-1)?.number ?? chunk.from) - chunk.from;
  const lines = linesOf(chunk);
  const more = linesToSentenceEnd(
    lines.map(({ text }) => text),
    last,
    maxMoreLines,
  );
  return [...snippet, ...lines.slice(last + 1, last + 1 + more)];
}

/** A line for display: text of a file must not control the terminal. */
export function shownLine(text: string): string {
  return printable(text.replaceAll("\t", "  ").trimEnd());
}

function linesOf({ text, from }: SnippetSource): SnippetLine[] {
  return text.split("\n").map((line, index) => ({ number: from + index, text: line }));
}

/**
 * A snippet does not begin with the underline of a title that is not shown either, unless it has no
 * other lines.
 */
function withoutOuterBlanks(lines: readonly SnippetLine[]): SnippetLine[] {
  const isShown = ({ text }: SnippetLine): boolean => /\S/.test(text);
  const first = lines.findIndex((line) => isShown(line) && !underline.test(line.text));
  const last = lines.findLastIndex(isShown);
  return first < 0 ? lines.filter(isShown) : lines.slice(first, last + 1);
}
