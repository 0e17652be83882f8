import { printable } from "@ripvec/core";

/** Reasons why files of a search are not read. */
export type SkipReason =
  | "binary"
  | "above 1 MiB"
  | "lock file"
  | "generated"
  | "data above 8 KiB"
  | "test data"
  | "not UTF-8"
  | "not a regular file"
  | "unreadable"
  | ".gitignore";

/** Reasons that are expected and common, so that only the number of files is reported. */
const onlyCounted: ReadonlySet<SkipReason> = new Set([
  "binary",
  "lock file",
  "generated",
  "data above 8 KiB",
]);
const maxNames = 3;
const longestName = 120;

interface LeftOutFile {
  readonly path: string;
  /** The fault of this file, when the reason does not say enough. */
  readonly detail?: string | undefined;
  /** Whether the user named this file. */
  readonly named?: boolean | undefined;
}

/** The files that a search found and did not read: their number, and the first few names. */
export class LeftOut {
  readonly #counts = new Map<SkipReason, number>();
  readonly #names = new Map<SkipReason, string[]>();

  add(reason: SkipReason, { path, detail, named = false }: LeftOutFile): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    if (onlyCounted.has(reason) && !named) return;
    const names = this.#names.get(reason) ?? [];
    this.#names.set(reason, names);
    const name = printable(path, longestName);
    if (names.length < maxNames) names.push(detail === undefined ? name : `${name}: ${detail}`);
  }

  get counts(): ReadonlyMap<SkipReason, number> {
    return this.#counts;
  }

  /** "left out: 12 binary; 2 above 1 MiB (a.csv, b.csv)"; empty when no file was. */
  toString(): string {
    const parts = [...this.#counts].map(([reason, count]) => {
      const names = this.#names.get(reason);
      if (!names) return `${count} ${reason}`;
      return `${count} ${reason} (${names.join(", ")}${names.length < count ? ", …" : ""})`;
    });
    return parts.length === 0 ? "" : `left out: ${parts.join("; ")}`;
  }
}
