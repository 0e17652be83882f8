import { compileGlob, folded, type Glob, matchesGlob } from "./glob.js";

/** One line of a .gitignore file. */
interface Pattern {
  readonly glob: Glob;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Without a slash, a pattern is for the name alone, in whatever folder. */
  readonly nameOnly: boolean;
}

export interface PatternOptions {
  /** As git's core.ignoreCase. */
  readonly ignoreCase: boolean;
}

/** No system takes a path this long. */
const maxPatternBytes = 4096;
const byteOrderMark = "\xef\xbb\xbf";

/** The patterns of one .gitignore file. Texts and paths are bytes, a character each; paths are relative to the file's folder. */
export class PatternFile {
  readonly #patterns: readonly Pattern[];
  readonly #ignoreCase: boolean;

  constructor(text: string, { ignoreCase }: PatternOptions) {
    this.#ignoreCase = ignoreCase;
    const body = text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
    this.#patterns = body
      .split("\n")
      .flatMap((line) => parse(line, ignoreCase) ?? [])
      .reverse();
  }

  /** What the last pattern that matches says; undefined when none does. */
  verdict(path: string, isFolder: boolean): "ignored" | "kept" | undefined {
    const text = folded(path, this.#ignoreCase);
    const name = text.slice(text.lastIndexOf("/") + 1);
    for (const { glob, negated, foldersOnly, nameOnly } of this.#patterns) {
      if (foldersOnly && !isFolder) continue;
      if (matchesGlob(glob, nameOnly ? name : text)) return negated ? "kept" : "ignored";
    }
    return undefined;
  }
}

function parse(line: string, ignoreCase: boolean): Pattern | undefined {
  if (line.startsWith("#") || line.length > maxPatternBytes) return undefined;
  const [content = ""] = line.replace(/\r$/, "").split("\0", 1);
  const trimmed = withoutTrailingSpaces(content);
  const negated = trimmed.startsWith("!");
  const whole = negated ? trimmed.slice(1) : trimmed;
  const foldersOnly = whole.endsWith("/");
  const body = foldersOnly ? whole.slice(0, -1) : whole;
  if (body === "") return undefined;
  const glob = compileGlob(body.replace(/^\//, ""), ignoreCase);
  return { glob, negated, foldersOnly, nameOnly: !body.includes("/") };
}

/** Spaces at the end count only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  const [kept = ""] = /^(?:\\.|(?! +$).)*/s.exec(line) ?? [];
  return kept;
}
