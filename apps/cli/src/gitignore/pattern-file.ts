import { compileGlob, folded, type Glob, matchesGlob } from "./glob.js";
import { type Pattern, parsePattern } from "./pattern.js";
import { EndVerdicts, later, type Verdict, Verdicts } from "./verdicts.js";

export interface PatternOptions {
  /** As git's core.ignoreCase. */
  readonly ignoreCase: boolean;
  /** `steps` of other files whose patterns are matched against the same names. */
  readonly stepsAbove?: number;
}

interface GlobPattern extends Verdict {
  readonly glob: Glob;
  readonly foldersOnly: boolean;
  readonly nameOnly: boolean;
}

/**
 * The most steps of all files that apply in a folder. Each step is tried on each byte of a name:
 * about 15 ms for the longest name, 0.2 s for the longest path.
 */
const maxSteps = 8192;
const byteOrderMark = "\xef\xbb\xbf";

/**
 * The patterns of one .gitignore file. Texts and paths are bytes, one character each; paths are
 * relative to the file's folder.
 */
export class PatternFile {
  readonly #ignoreCase: boolean;
  /**
   * Most lines are a name, a path or "*" and a suffix. As in git, they are looked up and not
   * matched one by one.
   */
  readonly #names = new Verdicts();
  readonly #paths = new Verdicts();
  readonly #ends = new EndVerdicts();
  /** The other patterns by their text; a line with the text of an earlier one replaces it. */
  readonly #globs = new Map<string, GlobPattern>();
  #newestFirst: readonly GlobPattern[] = [];
  #steps = 0;

  private constructor(ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase;
  }

  /**
   * Undefined when the patterns with wildcards, including those of the files above, have more than
   * 8,192 characters and wildcards in total after their literal prefixes.
   */
  static parse(
    text: string,
    { ignoreCase, stepsAbove = 0 }: PatternOptions,
  ): PatternFile | undefined {
    const file = new PatternFile(ignoreCase);
    const body = text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
    for (const [line, content] of body.split("\n").entries()) {
      const pattern = parsePattern(content);
      if (pattern) file.#add(pattern, line);
      if (stepsAbove + file.#steps > maxSteps) return undefined;
    }
    file.#newestFirst = [...file.#globs.values()].reverse();
    return file;
  }

  /** Characters and wildcards that are tried on each name. */
  get steps(): number {
    return this.#steps;
  }

  /** The verdict of the last matching pattern; undefined when none matches. */
  verdict(path: string, isFolder: boolean): "ignored" | "kept" | undefined {
    const text = folded(path, this.#ignoreCase);
    const name = text.slice(text.lastIndexOf("/") + 1);
    const found = later(this.#names.get(name, isFolder), this.#paths.get(text, isFolder));
    const literal = later(found, this.#ends.get(name, isFolder));
    const last = this.#laterGlob(literal, { text, name, isFolder });
    return last && (last.negated ? "kept" : "ignored");
  }

  /** The last matching glob, or `last` when that comes later. */
  #laterGlob(
    last: Verdict | undefined,
    { text, name, isFolder }: { text: string; name: string; isFolder: boolean },
  ): Verdict | undefined {
    for (const pattern of this.#newestFirst) {
      if (last && pattern.line < last.line) return last;
      if (pattern.foldersOnly && !isFolder) continue;
      if (matchesGlob(pattern.glob, pattern.nameOnly ? name : text)) return pattern;
    }
    return last;
  }

  #add({ body, negated, foldersOnly, nameOnly }: Pattern, line: number): void {
    const text = folded(body, this.#ignoreCase);
    const isLiteral = !/[*?[\\]/.test(body);
    if (isLiteral) (nameOnly ? this.#names : this.#paths).set(text, foldersOnly, { line, negated });
    else if (nameOnly && /^\*[^*?[\\]*$/.test(body)) {
      this.#ends.set(text.slice(1), foldersOnly, { line, negated });
    } else this.#addGlob({ body, negated, foldersOnly, nameOnly }, line);
  }

  #addGlob({ body, negated, foldersOnly, nameOnly }: Pattern, line: number): void {
    const key = `${nameOnly} ${foldersOnly} ${body}`;
    const known = this.#globs.get(key);
    const glob = known?.glob ?? compileGlob(body, this.#ignoreCase);
    if (!glob) return;
    if (!known) this.#steps += glob.steps.length;
    this.#globs.delete(key);
    this.#globs.set(key, { glob, foldersOnly, nameOnly, line, negated });
  }
}
