import { stat } from "node:fs/promises";
import { ModelFileError } from "@ripvec/core";
import type { ByteSource } from "@ripvec/core/arch";
import { DownloadError } from "../../download-error.js";
import { innerPath, type ModelFiles } from "../../model-files.js";
import type { HubClient } from "../../remote/hub-client.js";
import type { Listing, RemoteFile } from "../../remote/listing.js";
import { growing } from "../../remote/receive.js";
import { readBounded } from "../directory-files.js";
import { openFileSource } from "../file-source.js";
import type { DownloadProgress } from "../open-model-options.js";
import { tooLarge } from "../read-file.js";
import { isSystemError, removeObstacle } from "./atomic-file.js";
import type { ModelCache } from "./cache.js";
import { damagedFile } from "./damaged-file.js";
import type { DigestRecord } from "./digest-record.js";
import { fetchBlob } from "./fetch-blob.js";
import { acquireLock } from "./file-lock.js";
import type { PythonCache } from "./python-cache.js";
import type { RemoteSettings } from "./settings.js";

export interface RemoteFilesSettings {
  readonly client: HubClient<RemoteSettings>;
  readonly cache: ModelCache;
  readonly python: PythonCache;
  readonly record: DigestRecord;
  readonly commit: string;
  readonly listing: Listing;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/** A damaged file, and the reason. */
interface Damage {
  readonly path: string;
  readonly reason: string;
}

/**
 * The files of one commit: from the cache, else from Python's cache, where they stay, else from the
 * hub. Each is compared with the digest that the hub listed before it is used.
 */
export class RemoteFiles implements ModelFiles {
  readonly id: string;
  readonly #settings: RemoteFilesSettings;
  /** Paths of files that were found outside of the cache's own snapshot. */
  readonly #elsewhere = new Map<string, string>();
  #hasOwn = false;

  constructor(settings: RemoteFilesSettings) {
    this.id = settings.client.model;
    this.#settings = settings;
  }

  /** Python's snapshot when every file was found there. */
  get directory(): string {
    const { cache, python, commit } = this.#settings;
    return (this.#hasOwn ? cache : python).snapshotDirectory(commit);
  }

  /** A file that the model does not have has no path in the cache, so the model's id names it. */
  locate(path: string): string {
    const { cache, commit, listing } = this.#settings;
    if (!listing.has(path)) return `${this.id}/${path}`;
    return this.#elsewhere.get(path) ?? cache.snapshotPath(commit, path);
  }

  async exists(path: string): Promise<boolean> {
    return this.#settings.listing.has(path);
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const file = this.#settings.listing.get(innerPath(path, this.id));
    if (!file) return undefined;
    if (file.byteLength > maxBytes) throw tooLarge(this.locate(path), file.byteLength, maxBytes);
    const place = await this.#obtain(file);
    const bytes = await readBounded(place, maxBytes);
    await this.#expectStill(place, file);
    return bytes;
  }

  async open(path: string): Promise<ByteSource | undefined> {
    const file = this.#settings.listing.get(innerPath(path, this.id));
    if (!file) return undefined;
    const place = await this.#obtain(file);
    const source = await openFileSource(place);
    // From here on, the source detects a replacement of the file.
    await this.#expectStill(place, file);
    return source;
  }

  async list(): Promise<readonly string[]> {
    return [...this.#settings.listing.keys()];
  }

  /** The path of a file with the digest that the hub listed. */
  async #obtain(file: RemoteFile): Promise<string> {
    const { cache, commit, python, client } = this.#settings;
    const damages: Damage[] = [];
    const own = cache.snapshotPath(commit, file.path);
    if (await this.#matches(own, file, damages)) return this.#own(own);
    if (await this.#matches(cache.blobPath(file), file, damages)) return this.#place(file);
    for (const path of python.pathsOf(commit, file)) {
      if (!(await this.#matches(path, file, damages))) continue;
      this.#elsewhere.set(file.path, path);
      return path;
    }
    client.signal?.throwIfAborted();
    if (client.settings.offline) throw this.#missing(file, damages[0]);
    await this.#download(file).catch((cause: unknown) => {
      const [damage] = damages;
      if (!damage || !isSystemError(cause)) throw cause;
      const reason = `${damage.reason}, and the cache cannot store another copy (${cause.message})`;
      throw damagedFile({ model: this.id, file: file.path, cause }, damage.path, reason);
    });
    return this.#place(file);
  }

  async #expectStill(path: string, file: RemoteFile): Promise<void> {
    const fault = await this.#settings.record.fault(path, file);
    if (fault) throw new ModelFileError(`changed while it was read: ${fault.reason}`, { path });
  }

  async #matches(path: string, file: RemoteFile, damages: Damage[]): Promise<boolean> {
    const fault = await this.#settings.record.fault(path, file);
    if (fault && !fault.absent) damages.push({ path, reason: fault.reason });
    return fault === undefined;
  }

  #own(path: string): string {
    this.#hasOwn = true;
    return path;
  }

  /** When the cache cannot be written to, the blob itself is used. */
  async #place(file: RemoteFile): Promise<string> {
    const { cache, commit, record } = this.#settings;
    let path = cache.snapshotPath(commit, file.path);
    try {
      await cache.place(commit, file);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      path = cache.blobPath(file);
      this.#elsewhere.set(file.path, path);
    }
    // The file is read once more: linking changes the blob's times, and another process may have
    // finished it.
    const fault = await record.fault(path, file);
    if (fault) throw damagedFile({ model: this.id, file: file.path }, path, fault.reason);
    return this.#own(path);
  }

  #missing(file: RemoteFile, damage: Damage | undefined): DownloadError {
    const facts = { model: this.id, file: file.path };
    if (damage) return damagedFile(facts, damage.path, damage.reason);
    return new DownloadError(
      "offline",
      `is not in the cache (${this.locate(file.path)}), and offline use was requested. Open the model once online`,
      facts,
    );
  }

  async #download(file: RemoteFile): Promise<void> {
    const { client, commit, cache, record } = this.#settings;
    const blobPath = cache.blobPath(file);
    const onBytes = this.#reporter(file);
    const lock = await acquireLock(`${blobPath}.lock`, {
      signal: client.signal,
      onWait: async () => onBytes(await sizeOf(`${blobPath}.partial`)),
    });
    try {
      if (!(await record.fault(blobPath, file))) {
        onBytes(file.byteLength);
        return;
      }
      await removeObstacle(blobPath);
      await removeObstacle(`${blobPath}.partial`);
      await fetchBlob(blobPath, { client, commit, file, onBytes });
    } finally {
      await lock.release();
    }
  }

  #reporter({ path, byteLength }: RemoteFile): (loaded: number) => void {
    const { onProgress } = this.#settings;
    return growing((loaded) => onProgress?.({ file: path, loaded, total: byteLength }));
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
