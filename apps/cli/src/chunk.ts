import { type BoundaryLevel, boundaries, level } from "./boundaries.js";
import { estimateTokens, splitLongLine } from "./estimate-tokens.js";

/** Consecutive whole lines, or a part of one line that is too long. */
export interface Chunk {
  readonly text: string;
  /** First and last line, counted from 1. */
  readonly from: number;
  readonly to: number;
}

export interface ChunkOptions {
  /** The largest estimated number of tokens of a chunk. */
  readonly maxTokens: number;
  /** Prose is cut at headings and paragraphs, code at unindented lines after a blank one. */
  readonly prose: boolean;
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/**
 * A section of at least this part of maxTokens becomes its own chunk; smaller sections are joined
 * with the next.
 */
const minFill = 1 / 4;
/** The part of a chunk in which a better place to cut is sought. */
const searchFill = 1 / 2;
const word = /[\p{L}\p{N}]/u;
/** Number of lines that are repeated when a cut falls inside a section. */
const overlapLines = 2;

/**
 * Cuts a text into chunks that begin and end at suitable places. Blank chunks are left out, and in
 * a text with letters or digits also chunks without any, such as rows of brackets and rules.
 */
export function* chunkText(text: string, options: ChunkOptions): Generator<Chunk> {
  if (!/\S/.test(text)) return;
  const lines = splitLines(text, options.maxTokens);
  const levels = boundaries(
    lines.map((line) => line.text),
    options.prose,
  );
  const sums = [0];
  const needsWords = word.test(text);
  for (const line of lines) sums.push((sums.at(-1) ?? 0) + estimateTokens(line.text));

  for (let start = 0; start < lines.length; ) {
    const cut = findCut(start, sums, levels, options.maxTokens);
    const chunk = toChunk(lines.slice(start, cut));
    if (chunk && (!needsWords || word.test(chunk.text))) yield chunk;
    start = isInside(levels, cut) ? Math.max(start + 1, cut - overlapLines) : cut;
  }
}

function splitLines(text: string, maxTokens: number): Line[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, index) =>
      splitLongLine(line, maxTokens).map((piece) => ({ text: piece, number: index + 1 })),
    );
}

const isInside = (levels: readonly BoundaryLevel[], cut: number): boolean =>
  cut < levels.length && (levels[cut] ?? level.none) < level.paragraph;

/** Index of the line after the chunk that begins at `start`; always beyond `start`. */
function findCut(
  start: number,
  sums: readonly number[],
  levels: readonly BoundaryLevel[],
  maxTokens: number,
): number {
  const tokensTo = (index: number): number => (sums[index] ?? 0) - (sums[start] ?? 0);
  let best = start + 1;
  let bestLevel: BoundaryLevel = level.none;
  let end = start + 1;
  for (; end < levels.length && tokensTo(end) <= maxTokens; end++) {
    const here = levels[end] ?? level.none;
    if (here === level.section && tokensTo(end) >= maxTokens * minFill) return end;
    if (tokensTo(end) >= maxTokens * searchFill && here >= bestLevel) {
      best = end;
      bestLevel = here;
    }
  }
  const everythingFits = end >= levels.length && tokensTo(levels.length) <= maxTokens;
  if (everythingFits) return levels.length;
  return bestLevel === level.none ? Math.max(start + 1, end - 1) : best;
}

/** The chunk without blank lines at both ends; undefined when no text is left. */
function toChunk(lines: readonly Line[]): Chunk | undefined {
  const isText = (line: Line): boolean => /\S/.test(line.text);
  const first = lines.find(isText);
  const last = lines.findLast(isText);
  if (!first || !last) return undefined;
  const kept = lines.slice(lines.indexOf(first), lines.lastIndexOf(last) + 1);
  const text = kept.map((line) => line.text).join("\n");
  return { text, from: first.number, to: last.number };
}
