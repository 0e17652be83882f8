import { randomUUID } from "node:crypto";
import {
  constants,
  copyFile,
  link,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { isCommit } from "../../remote/hub-settings.js";
import {
  type Listing,
  parseListing,
  type RemoteFile,
  serializeListing,
} from "../../remote/listing.js";

/**
 * The folder of one model in the cache:
 *
 *     models--owner--name/
 *       refs/<revision>            commit that the revision meant when it was last opened
 *       listings/<commit>.json     files of the commit with sizes and digests
 *       blobs/<digest>             verified contents; <digest>.partial and .lock while downloading
 *       snapshots/<commit>/…       the files by name: hard links to blobs, or copies
 *
 * Every file appears by rename or link, so what has its final name is whole.
 */
export class ModelCache {
  readonly directory: string;

  constructor(cacheDir: string, model: string) {
    this.directory = join(cacheDir, `models--${model.replace("/", "--")}`);
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

  async readRef(revision: string): Promise<string | undefined> {
    const commit = (await readText(this.#refPath(revision)))?.trim();
    return commit !== undefined && isCommit(commit) ? commit : undefined;
  }

  async writeRef(revision: string, commit: string): Promise<void> {
    if ((await this.readRef(revision)) === commit) return;
    await writeWhole(this.#refPath(revision), `${commit}\n`);
  }

  async readListing(commit: string): Promise<Listing | undefined> {
    const text = await readText(this.#listingPath(commit));
    return text === undefined ? undefined : parseListing(text);
  }

  async writeListing(commit: string, listing: Listing): Promise<void> {
    await writeWhole(this.#listingPath(commit), serializeListing(listing));
  }

  /** Whether the snapshot holds the file with its full size. */
  async has(commit: string, file: RemoteFile): Promise<boolean> {
    return hasSize(this.snapshotPath(commit, file.path), file.byteLength);
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
      await rename(temporary, path);
    } finally {
      // A rename onto another link of the same file leaves both names.
      await rm(temporary, { force: true });
    }
  }

  #refPath(revision: string): string {
    return join(this.directory, "refs", encodeURIComponent(revision));
  }

  #listingPath(commit: string): string {
    return join(this.directory, "listings", `${commit}.json`);
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

const temporaryPath = (path: string): string => `${path}.${randomUUID()}.tmp`;

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Readers see the old text or the new one, also after a power cut. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryPath(path);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
