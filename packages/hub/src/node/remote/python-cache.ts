import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve, sep } from "node:path";
import { isJsonObject } from "../../model-files.js";
import { isRemoteFile, type Listing, type RemoteFile } from "../../remote/listing.js";
import { readTextFile } from "./atomic-file.js";
import { modelFolder, readCommit } from "./cache.js";
import { type Environment, readVariable } from "./environment.js";

/** Largest listing in Python's cache, in bytes. */
const maxTreeBytes = 64 << 20;

/**
 * The folder where huggingface_hub keeps its downloads: HF_HUB_CACHE (HUGGINGFACE_HUB_CACHE in old
 * versions), else "hub" in HF_HOME, else "huggingface/hub" in XDG_CACHE_HOME or ~/.cache. "~" and
 * "$NAME" in them are expanded, as huggingface_hub does.
 */
export function pythonCacheDir(env: Environment = process.env): string {
  const read = (...names: string[]) => readVariable(env, ...names)?.value;
  const base = read("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  const home = read("HF_HOME") ?? join(base, "huggingface");
  return expand(read("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") ?? join(home, "hub"), env);
}

function expand(path: string, env: Environment): string {
  const atHome = path.replace(/^~(?=$|[\\/])/, () => homedir());
  return resolve(
    atHome.replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, name, braced) => env[name ?? braced] ?? whole),
  );
}

/**
 * The folder of one model in the cache of Python's huggingface_hub, which is read and never written:
 *
 *     models--owner--name/
 *       refs/<revision>            commit of the revision; "refs/pr/1" is a path of folders
 *       blobs/<digest>             contents by SHA-256 (of large files) or git's SHA-1
 *       snapshots/<commit>/…       links to blobs by name; files where the system has no links
 *       .no_exist/<commit>/…       empty files: names that were requested and the repository does not have
 *       trees/<commit>.json        all files of the commit, written by new versions
 */
export class PythonCache {
  readonly directory: string;

  constructor(cacheDir: string, model: string) {
    this.directory = modelFolder(cacheDir, model);
  }

  snapshotDirectory(commit: string): string {
    return join(this.directory, "snapshots", commit);
  }

  async hasSnapshot(commit: string): Promise<boolean> {
    return stat(this.snapshotDirectory(commit)).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
  }

  absentDirectory(commit: string): string {
    return join(this.directory, ".no_exist", commit);
  }

  readRef(revision: string): Promise<string | undefined> {
    return readCommit(join(this.directory, "refs", revision));
  }

  /** The locations where a file may lie. */
  pathsOf(commit: string, file: RemoteFile): string[] {
    return [
      join(this.snapshotDirectory(commit), file.path),
      join(this.directory, "blobs", file.digest),
    ];
  }

  /**
   * The files of a commit as Python listed them. Undefined when Python wrote no list, and when the
   * list lacks a file of the snapshot: it is then of another commit, or damaged.
   */
  async readTree(commit: string): Promise<Listing | undefined> {
    const text = await readTextFile(join(this.directory, "trees", `${commit}.json`), maxTreeBytes);
    const listing = text === undefined ? undefined : parseTree(text);
    const present = await filesBelow(this.snapshotDirectory(commit));
    return listing && present.every((path) => listing.has(path)) ? listing : undefined;
  }
}

/** Undefined when the text is not a list of files. */
function parseTree(text: string): Listing | undefined {
  try {
    const tree: unknown = JSON.parse(text);
    if (!isJsonObject(tree) || !isJsonObject(tree.files)) return undefined;
    const files = Object.entries(tree.files).map(([path, entry]) => toRemoteFile(path, entry));
    if (tree.format_version !== 1 || !files.every(isRemoteFile)) return undefined;
    return new Map(files.map((file) => [file.path, file]));
  } catch {
    return undefined;
  }
}

function toRemoteFile(path: string, entry: unknown): unknown {
  if (!isJsonObject(entry)) return undefined;
  const { size, blob_id: blob, lfs_sha256: sha256, lfs_size: lfsSize } = entry;
  return sha256 === undefined
    ? { path, byteLength: size, algorithm: "git-sha1", digest: blob }
    : { path, byteLength: lfsSize ?? size, algorithm: "sha256", digest: sha256 };
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .map((path) => path.split(sep).join("/"));
}
