import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { InputError } from "@ripvec/core";
import { type BytePath, bytesOf, fsPath, textOf } from "./byte-path.js";
import { isAbsent, whyUnreadable } from "./file-errors.js";
import {
  isData,
  isSkippedFolder,
  isTest,
  isTestDataFolder,
  maxFileBytes,
  skipByName,
} from "./file-kinds.js";
import { IgnoreRules } from "./ignore-rules.js";
import { LeftOut, type SkipReason } from "./left-out.js";

export interface FoundFile {
  readonly absolutePath: BytePath;
  /** Relative to the working directory, with forward slashes. */
  readonly path: BytePath;
  readonly byteLength: number;
  /** Whether the user named this file, and not a folder that contains it. */
  readonly named: boolean;
  /** Whether it is a named pipe or a device, which is read only when the user names it. */
  readonly isStream: boolean;
  /** Its kind by the path below the named folder; for a named file by its name. */
  readonly isTest: boolean;
}

export interface Walk {
  /** Sorted by folder, without duplicates. */
  readonly files: readonly FoundFile[];
  readonly totalBytes: number;
  /**
   * Files that are not read. Ignored files are not counted. Files that turn out not to be text are
   * added on reading.
   */
  readonly leftOut: LeftOut;
}

export interface WalkOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Text and code files under `paths`. Inside folders, files named by .gitignore, hidden files, lock
 * files, binary and huge files are left out, and so is anything but regular files. A named file is
 * taken unless it is huge. Links are followed only when they are named. Throws InputError for a
 * path that does not exist.
 */
export async function walk(paths: readonly string[], options: WalkOptions): Promise<Walk> {
  const walker = new Walker(options);
  for (const path of paths) await walker.start(path);
  return walker.result();
}

class Walker {
  readonly #cwd: BytePath;
  readonly #options: WalkOptions;
  readonly #files = new Map<BytePath, FoundFile>();
  readonly #leftOut = new LeftOut();
  /** The folder that is searched, or that of the named file. */
  #root: BytePath = "";

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#cwd = bytesOf(options.cwd);
  }

  result(): Walk {
    const files = [...this.#files.values()];
    const totalBytes = files.reduce((sum, file) => sum + file.byteLength, 0);
    return { files, totalBytes, leftOut: this.#leftOut };
  }

  async start(path: string): Promise<void> {
    if (path === "") throw new InputError("a path is empty");
    const whole = resolve(this.#options.cwd, path);
    const found = await stat(whole).catch((cause: unknown) => {
      const problem = isAbsent(cause)
        ? `no such file or directory: ${path}`
        : `${path} cannot be read: ${whyUnreadable(cause)}`;
      throw new InputError(problem, { cause });
    });
    if (found.isSocket()) {
      throw new InputError(`${path} is a socket; search takes files and folders`);
    }
    const absolute = bytesOf(whole);
    this.#root = found.isDirectory() ? absolute : dirname(absolute);
    if (!found.isDirectory()) {
      this.#take(absolute, found.size, { named: true, isStream: !found.isFile() });
      return;
    }
    const onUnusable = (file: BytePath, detail: string): void =>
      this.#skip(".gitignore", file, detail);
    await this.#folder(absolute, await IgnoreRules.above(absolute, onUnusable));
  }

  async #folder(folder: BytePath, outer: IgnoreRules): Promise<void> {
    const options = { withFileTypes: true, encoding: "buffer" } as const;
    const entries = await readdir(fsPath(folder), options).catch((error: unknown) => {
      this.#skip("unreadable", folder, whyUnreadable(error));
    });
    if (!entries) return;
    const rules = await outer.enter(folder);
    const named = entries.map((entry) => ({ name: bytesOf(entry.name), entry }));
    named.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, entry } of named) {
      this.#options.signal?.throwIfAborted();
      await this.#entry(join(folder, name), name, entry, rules);
    }
  }

  async #entry(
    path: BytePath,
    name: BytePath,
    kind: Pick<Dirent, "isDirectory" | "isFile">,
    rules: IgnoreRules,
  ): Promise<void> {
    if (kind.isDirectory()) {
      if (isSkippedFolder(name) || rules.ignores(path, true)) return;
      if (isTestDataFolder(name)) return this.#skip("test data", path);
      await this.#folder(path, rules);
      return;
    }
    if (!kind.isFile() || name.startsWith(".") || rules.ignores(path, false)) return;
    const reason = skipByName(name);
    if (reason) return this.#skip(reason, path);
    const found = await stat(fsPath(path)).catch((error: unknown) => {
      this.#skip("unreadable", path, whyUnreadable(error));
    });
    if (!found) return;
    if (isData(name, found.size)) return this.#skip("data above 8 KiB", path);
    this.#take(path, found.size, { named: false, isStream: false });
  }

  #take(
    absolutePath: BytePath,
    byteLength: number,
    { named, isStream }: Pick<FoundFile, "named" | "isStream">,
  ): void {
    if (byteLength > maxFileBytes) {
      this.#skip("above 1 MiB", absolutePath);
      return;
    }
    const before = this.#files.get(absolutePath);
    this.#files.set(absolutePath, {
      absolutePath,
      path: this.#shown(absolutePath),
      byteLength,
      named: named || before?.named === true,
      isStream,
      isTest: isTest(textOf(slashed(relative(this.#root, absolutePath)))),
    });
  }

  #shown(absolutePath: BytePath): BytePath {
    const inside = slashed(relative(this.#cwd, absolutePath));
    return inside === "" ? basename(absolutePath) : inside;
  }

  #skip(reason: SkipReason, absolutePath: BytePath, detail?: string): void {
    this.#leftOut.add(reason, { path: textOf(this.#shown(absolutePath)), detail });
  }
}

const slashed = (path: BytePath): BytePath => path.split(sep).join("/");
