import { stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { type BytePath, bytesOf, fsPath } from "./byte-path.js";
import { isAbsent, whyUnreadable } from "./file-errors.js";
import { PatternFile } from "./gitignore/pattern-file.js";
import { readRegularFile } from "./read-regular-file.js";

/** One pattern file and the folder that its patterns are relative to. */
interface Rules {
  readonly folder: BytePath;
  readonly patterns: PatternFile;
}

/** Called for each pattern file that exists and cannot be used. */
export type OnUnusable = (path: BytePath, why: string) => void;

/** Git's default on each system. */
const ignoreCase = process.platform === "darwin" || process.platform === "win32";
const maxBytes = 256 * 1024;

/**
 * The .gitignore files that apply in a folder, outermost first: an inner one overrides an outer
 * one.
 */
export class IgnoreRules {
  readonly #rules: readonly Rules[];
  readonly #onUnusable: OnUnusable;

  private constructor(rules: readonly Rules[], onUnusable: OnUnusable) {
    this.#rules = rules;
    this.#onUnusable = onUnusable;
  }

  /** The files above `folder`, up to the root of its git repository. */
  static async above(folder: BytePath, onUnusable: OnUnusable): Promise<IgnoreRules> {
    const folders = await foldersUpToRepository(folder);
    let rules = new IgnoreRules([], onUnusable);
    const [root] = folders;
    if (root === undefined) return rules;
    rules = await rules.#with(root, join(root, ".git", "info", "exclude"));
    for (const above of folders) if (above !== folder) rules = await rules.enter(above);
    return rules;
  }

  /**
   * These files and the one of a subfolder. As in git, a .gitignore that is a link is not followed.
   */
  enter(folder: BytePath): Promise<IgnoreRules> {
    return this.#with(folder, join(folder, ".gitignore"), { refuseLink: true });
  }

  ignores(path: BytePath, isFolder: boolean): boolean {
    for (const { folder, patterns } of this.#rules.toReversed()) {
      const start = folder.endsWith(sep) ? folder.length : folder.length + 1;
      const verdict = patterns.verdict(path.slice(start).replaceAll(sep, "/"), isFolder);
      if (verdict !== undefined) return verdict === "ignored";
    }
    return false;
  }

  async #with(folder: BytePath, file: BytePath, { refuseLink = false } = {}): Promise<IgnoreRules> {
    try {
      const read = await readRegularFile(fsPath(file), { maxBytes, refuseLink });
      if ("problem" in read) return this.#without(file, read.problem);
      const stepsAbove = this.#rules.reduce((sum, { patterns }) => sum + patterns.steps, 0);
      const patterns = PatternFile.parse(bytesOf(read.bytes), { ignoreCase, stepsAbove });
      if (!patterns) return this.#without(file, "too many wildcards");
      return new IgnoreRules([...this.#rules, { folder, patterns }], this.#onUnusable);
    } catch (error) {
      return isAbsent(error) ? this : this.#without(file, whyUnreadable(error));
    }
  }

  #without(file: BytePath, why: string): this {
    this.#onUnusable(file, why);
    return this;
  }
}

/** The folders from the repository's root down to `folder`; empty outside of a repository. */
async function foldersUpToRepository(folder: BytePath): Promise<BytePath[]> {
  const folders: BytePath[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.unshift(at);
    if (await exists(join(at, ".git"))) return folders;
    if (dirname(at) === at) return [];
  }
}

const exists = (path: BytePath): Promise<boolean> =>
  stat(fsPath(path)).then(
    () => true,
    () => false,
  );
