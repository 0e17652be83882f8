import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { isLfs, type RepoFiles } from "./hub-server.js";

const sha256 = (body: Uint8Array) => createHash("sha256").update(body).digest("hex");
const gitSha1 = (body: Uint8Array) =>
  createHash("sha1").update(`blob ${body.byteLength}\0`).update(body).digest("hex");

interface Layout {
  readonly cacheDir: string;
  readonly model: string;
  readonly commit: string;
  /** The files that were downloaded. */
  readonly files: RepoFiles;
  /** Files that were requested and are not in the repository: .no_exist. */
  readonly absent?: readonly string[];
  /**
   * Whether all files of the repository are listed in trees/, as snapshot_download of version 2
   * does.
   */
  readonly tree?: RepoFiles | undefined;
  /**
   * Whether to write regular files instead of links, as on Windows without the right to create
   * links.
   */
  readonly plain?: boolean;
  readonly revision?: string;
}

/** Writes what huggingface_hub 2.4.0 leaves on the disk, modelled on folders that it wrote. */
export async function writePythonCache(layout: Layout): Promise<string> {
  const { cacheDir, model, commit, files, revision = "main" } = layout;
  const directory = join(cacheDir, `models--${model.replace("/", "--")}`);
  const snapshot = join(directory, "snapshots", commit);
  for (const [path, body] of Object.entries(files)) {
    const place = join(snapshot, path);
    if (layout.plain) {
      await write(place, body);
      continue;
    }
    const blob = join(directory, "blobs", isLfs(path, body) ? sha256(body) : gitSha1(body));
    await write(blob, body);
    await mkdir(dirname(place), { recursive: true });
    await symlink(relative(dirname(place), blob), place);
  }
  await write(join(directory, "refs", revision), Buffer.from(commit));
  for (const path of layout.absent ?? []) {
    await write(join(directory, ".no_exist", commit, path), Buffer.of());
  }
  if (layout.tree) {
    await write(join(directory, "trees", `${commit}.json`), treeJson(layout.tree));
  }
  return directory;
}

function treeJson(files: RepoFiles): Uint8Array {
  const entries = Object.entries(files).map(([path, body]) => {
    const lfs = { lfs_sha256: sha256(body), lfs_size: body.byteLength };
    const entry = { size: body.byteLength, blob_id: gitSha1(body) };
    return [path, isLfs(path, body) ? { ...entry, ...lfs } : entry];
  });
  return Buffer.from(
    JSON.stringify({ format_version: 1, files: Object.fromEntries(entries) }, null, 1),
  );
}

async function write(path: string, body: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
}

/** The contents of every path below a folder, to show that nothing was changed. */
export async function contentsOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) return `${path} -> ${await readlink(path)}`;
    return entry.isFile() ? `${path} ${sha256(await readFile(path))}` : path;
  });
  return (await Promise.all(lines)).sort();
}
