import { createHash } from "node:crypto";
import { constants, copyFile, link, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isCommit } from "../../remote/hub-settings.js";
import {
  type Listing,
  parseListing,
  type RemoteFile,
  serializeListing,
} from "../../remote/listing.js";
import {
  readTextFile,
  removeObstacle,
  sweep,
  temporaryPath,
  writeAtomically,
} from "./atomic-file.js";

/**
 * Largest ref file in bytes: a commit and a line end, and a few more to detect files that are
 * longer.
 */
const maxRefBytes = 100;
/** Largest listing in bytes: 50,000 files with long names. */
const maxListingBytes = 64 << 20;

/** The name of a model's folder in a cache, as in huggingface_hub. */
export function modelFolder(cacheDir: string, model: string): string {
  return join(cacheDir, `models--${model.replace("/", "--")}`);
}

/** The commit in the text of a ref file; undefined when it is not one. */
export async function readCommit(path: string): Promise<string | undefined> {
  const commit = (await readTextFile(path, maxRefBytes))?.trim();
  return commit !== undefined && isCommit(commit) ? commit : undefined;
}

/**
 * The folder of one model in the cache:
 *
 *     models--owner--name/
 *       refs/<revision>            commit that the revision meant when it was last opened
 *       listings/<commit>          files of the commit with sizes and digests, and a checksum of the list
 *       blobs/<digest>             verified contents; <digest>.partial and .lock while downloading
 *       snapshots/<commit>/…       the files by name: hard links to blobs, or copies
 *       verified.json              digests that were computed (see DigestRecord)
 *
 * Every file appears by rename or link, so what has its final name is whole.
 */
export class ModelCache {
  readonly directory: string;

  constructor(cacheDir: string, model: string) {
    this.directory = modelFolder(cacheDir, model);
  }

  get recordPath(): string {
    return join(this.directory, "verified.json");
  }

  snapshotDirectory(commit: string): string {
    return join(this.directory, "snapshots", commit);
  }

  snapshotPath(commit: string, path: string): string {
    return join(this.snapshotDirectory(commit), path);
  }

  blobPath(file: RemoteFile): string {
    return join(this.directory, "blobs", file.digest);
  }

  readRef(revision: string): Promise<string | undefined> {
    return readCommit(this.#refPath(revision));
  }

  async writeRef(revision: string, commit: string): Promise<void> {
    if ((await this.readRef(revision)) === commit) return;
    // Written without a line end, because huggingface_hub reads it that way.
    await writeAtomically(this.#refPath(revision), commit);
  }

  async readListing(commit: string): Promise<Listing | undefined> {
    const text = (await readTextFile(this.#listingPath(commit), maxListingBytes)) ?? "";
    const body = text.slice(0, -checksumLine("").length);
    return text === body + checksumLine(body) ? parseListing(body) : undefined;
  }

  async writeListing(commit: string, listing: Listing): Promise<void> {
    const body = serializeListing(listing);
    await writeAtomically(this.#listingPath(commit), body + checksumLine(body));
  }

  /** Links a verified blob under its name in the snapshot. */
  async place(commit: string, file: RemoteFile): Promise<void> {
    const path = this.snapshotPath(commit, file.path);
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryPath(path);
    try {
      await link(this.blobPath(file), temporary).catch(() =>
        copyFile(this.blobPath(file), temporary, constants.COPYFILE_FICLONE),
      );
      await removeObstacle(path);
      await rename(temporary, path);
      await sweep(dirname(path));
    } finally {
      // Renaming one link onto another link of the same file leaves both names in place.
      await rm(temporary, { force: true });
    }
  }

  #refPath(revision: string): string {
    return join(this.directory, "refs", encodeURIComponent(revision));
  }

  #listingPath(commit: string): string {
    return join(this.directory, "listings", commit);
  }
}

export async function hasSize(path: string, byteLength: number): Promise<boolean> {
  try {
    const stats = await stat(path);
    return stats.isFile() && stats.size === byteLength;
  } catch {
    return false;
  }
}

/**
 * Last line of a listing. Without this checksum, a name damaged by one byte would look like a file
 * that the model does not have.
 */
function checksumLine(text: string): string {
  return `\n${createHash("sha256").update(text).digest("hex")}\n`;
}
