/**
 * What a line of a .gitignore file says about the paths that it matches. Of two matching lines, the
 * later one applies.
 */
export interface Verdict {
  readonly line: number;
  readonly negated: boolean;
}

export function later(a: Verdict | undefined, b: Verdict | undefined): Verdict | undefined {
  if (!a || !b) return a ?? b;
  return a.line > b.line ? a : b;
}

/** The last verdict for each text, by the whole text. */
export class Verdicts {
  readonly #onAll = new Map<string, Verdict>();
  readonly #onFolders = new Map<string, Verdict>();

  /** Lines must be added in their order. */
  set(text: string, foldersOnly: boolean, verdict: Verdict): void {
    (foldersOnly ? this.#onFolders : this.#onAll).set(text, verdict);
  }

  get(text: string, isFolder: boolean): Verdict | undefined {
    return later(this.#onAll.get(text), isFolder ? this.#onFolders.get(text) : undefined);
  }
}

/** The last verdict for each text, by its suffix. */
export class EndVerdicts {
  readonly #verdicts = new Verdicts();
  readonly #lengths = new Set<number>();

  set(end: string, foldersOnly: boolean, verdict: Verdict): void {
    this.#verdicts.set(end, foldersOnly, verdict);
    this.#lengths.add(end.length);
  }

  get(text: string, isFolder: boolean): Verdict | undefined {
    let last: Verdict | undefined;
    for (const length of this.#lengths) {
      if (length > text.length) continue;
      last = later(last, this.#verdicts.get(text.slice(text.length - length), isFolder));
    }
    return last;
  }
}
