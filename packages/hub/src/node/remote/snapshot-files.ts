import { readlink, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DownloadError } from "../../download-error.js";
import type { ModelFiles } from "../../model-files.js";
import { DirectoryFiles } from "../directory-files.js";
import { damagedFile } from "./damaged-file.js";
import { type DigestRecord, type Expected, isDigest } from "./digest-record.js";
import type { PythonCache } from "./python-cache.js";

/**
 * Files that change which model is read. It must be known whether the repository has them. Python
 * fetches file by file, so its snapshot may lack files of the repository that were never requested.
 */
const decisive =
  /(^|\/)(modules|config_sentence_transformers|sentence_bert_config|adapter_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens)\.json$/;

/**
 * Every repository on the hub has this file and no library requests it, so its presence shows that
 * the whole repository was downloaded.
 */
const wholeRepositoryFile = ".gitattributes";

interface SnapshotSettings {
  readonly model: string;
  readonly commit: string;
  readonly python: PythonCache;
  readonly record: DigestRecord;
}

/**
 * The files of one commit in Python's cache when no list of the commit's files exists. Links name
 * the digest of their target, which is checked; regular files are used as they are.
 */
export class SnapshotFiles implements ModelFiles {
  readonly id: string;
  readonly #settings: SnapshotSettings;
  readonly #files: DirectoryFiles;

  constructor(settings: SnapshotSettings) {
    this.id = settings.model;
    this.#settings = settings;
    this.#files = new DirectoryFiles(settings.python.snapshotDirectory(settings.commit));
  }

  get directory(): string {
    return this.#files.directory;
  }

  locate(path: string): string {
    return this.#files.locate(path);
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#files.exists(path)) || (await this.#expectAbsent(path));
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#files.read(path, maxBytes);
    await (bytes ? this.#verify(path) : this.#expectAbsent(path));
    return bytes;
  }

  async open(path: string): ReturnType<ModelFiles["open"]> {
    const source = await this.#files.open(path);
    await (source ? this.#verify(path) : this.#expectAbsent(path));
    return source;
  }

  list(): Promise<readonly string[]> {
    return this.#files.list();
  }

  /** Returns false, or throws DownloadError when the repository may have the file. */
  async #expectAbsent(path: string): Promise<false> {
    const { model, commit, python } = this.#settings;
    const known = [
      join(python.absentDirectory(commit), path),
      join(this.directory, wholeRepositoryFile),
    ];
    if (!decisive.test(path) || (await Promise.all(known.map(exists))).includes(true)) return false;
    throw new DownloadError(
      "offline",
      `Python's cache (${this.directory}) holds a part of the repository, and nothing shows whether ${path} belongs to it. Open the model once online, or run: hf download ${model}`,
      { model, file: path },
    );
  }

  async #verify(path: string): Promise<void> {
    const { model, record } = this.#settings;
    const place = this.locate(path);
    const target = await readlink(place).catch(() => undefined);
    if (target === undefined) return;
    const expected = await expectedOf(place, target);
    const fault = expected
      ? await record.fault(place, expected)
      : { reason: `it is a link to ${target}, which is not a file of the cache` };
    if (fault) throw damagedFile({ model, file: path }, place, fault.reason);
  }
}

/** The size and digest that the target must have, by its name. */
async function expectedOf(place: string, target: string): Promise<Expected | undefined> {
  const digest = basename(target);
  if (!isDigest(digest)) return undefined;
  const { size } = await stat(place);
  return { byteLength: size, digest, algorithm: digest.length === 64 ? "sha256" : "git-sha1" };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
