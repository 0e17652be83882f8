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
import { clearWay, readTextFile, sweep, temporaryPath, writeWhole } from "./whole-file.js";

/** Bytes of a ref: a commit and a line end, with room to see that there is more. */
const maxRefBytes = 100;
/** Bytes of a listing: 50,000 files with long names. */
const maxListingBytes = 64 << 20;

/** The folder of a model in a cache, as in huggingface_hub. */
export function modelFolder(cacheDir: string, model: string): string {
  return join(cacheDir, `models--${model.replace("/", "--")}`);
}

/** The commit that a file of a ref names; undefined when it names none. */
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
    // Without a line end, as huggingface_hub reads it.
    await writeWhole(this.#refPath(revision), commit);
  }

  async readListing(commit: string): Promise<Listing | undefined> {
    const text = (await readTextFile(this.#listingPath(commit), maxListingBytes)) ?? "";
    const body = text.slice(0, -checksumLine("").length);
    return text === body + checksumLine(body) ? parseListing(body) : undefined;
  }

  async writeListing(commit: string, listing: Listing): Promise<void> {
    const body = serializeListing(listing);
    await writeWhole(this.#listingPath(commit), body + checksumLine(body));
  }

  /** Gives a verified blob its name in the snapshot. */
  async place(commit: string, file: RemoteFile): Promise<void> {
    const path = this.snapshotPath(commit, file.path);
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryPath(path);
    try {
      await link(this.blobPath(file), temporary).catch(() =>
        copyFile(this.blobPath(file), temporary, constants.COPYFILE_FICLONE),
      );
      await clearWay(path);
      await rename(temporary, path);
      await sweep(dirname(path));
    } finally {
      // A rename onto another link of the same file leaves both names.
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

/** Ends a listing: a name that one changed byte has made another would pass for a file that the model lacks. */
function checksumLine(text: string): string {
  return `\n${createHash("sha256").update(text).digest("hex")}\n`;
}
