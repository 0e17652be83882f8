import { printable } from "@ripvec/core";
import { createColors } from "picocolors";
import { markWords, queryWords } from "./query-words.js";
import { type SnippetLine, shownLine } from "./snippet.js";

/** A passage of a file, as a search found it. */
export interface Hit {
  readonly score: number;
  readonly path: string;
  /** base64 of a path that is not UTF-8; `path` shows its invalid bytes as U+FFFD. */
  readonly pathBytes?: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly tokens: number;
  readonly truncated: boolean;
}

export interface RenderOptions {
  readonly color: boolean;
  /** Width of the terminal, to which lines are cut. Undefined: no limit. */
  readonly columns?: number | undefined;
}

/** Rank, score and location in one line, a few lines of the passage below it, and an empty line. */
export function renderHit(
  hit: Hit,
  { rank, lines: shown }: { readonly rank: number; readonly lines: readonly SnippetLine[] },
  query: string,
  options: RenderOptions,
): string {
  const colors = createColors(options.color);
  const place = `${colors.cyan(printable(hit.path))}${colors.dim(`:${hit.from}-${hit.to}`)}`;
  const score = colors.green(hit.score.toFixed(3));
  const lines = [`${colors.bold(String(rank).padStart(2))}  ${score}  ${place}`];
  const words = queryWords(query);
  for (const line of shown) {
    const margin = String(line.number).padStart(8);
    const whole = shownLine(line.text);
    if (whole === "") {
      lines.push(colors.dim(margin));
      continue;
    }
    const width = options.columns === undefined ? undefined : options.columns - margin.length - 2;
    const text = cut(whole, width);
    const marked = options.color
      ? markWords(text, words, (word) => colors.bold(colors.yellow(word)))
      : text;
    lines.push(`${colors.dim(margin)}  ${marked}`);
  }
  return `${lines.join("\n")}\n\n`;
}

function cut(text: string, columns: number | undefined): string {
  if (columns === undefined || text.length <= columns) return text;
  const head = text.slice(0, Math.max(columns - 1, 1));
  const halfCharacter = /[\ud800-\udbff]$/;
  return `${head.replace(halfCharacter, "")}…`;
}
