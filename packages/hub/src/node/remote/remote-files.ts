import { stat } from "node:fs/promises";
import { DownloadError } from "../../download-error.js";
import { innerPath, type ModelFiles } from "../../model-files.js";
import type { HubClient } from "../../remote/hub-client.js";
import type { Listing, RemoteFile } from "../../remote/listing.js";
import { growing } from "../../remote/receive.js";
import { readBounded } from "../directory-files.js";
import { openFileSource } from "../file-source.js";
import type { DownloadProgress } from "../open-model-options.js";
import { hasSize, type ModelCache } from "./cache.js";
import { fetchBlob } from "./fetch-blob.js";
import { acquireLock } from "./file-lock.js";
import type { RemoteSettings } from "./settings.js";

/** The files of one commit, from the cache and, where it lacks one, from the hub. */
export class RemoteFiles implements ModelFiles {
  readonly id: string;

  constructor(
    readonly cache: ModelCache,
    readonly commit: string,
    readonly listing: Listing,
    readonly client: HubClient<RemoteSettings>,
    readonly onProgress: ((progress: DownloadProgress) => void) | undefined,
  ) {
    this.id = client.model;
  }

  locate(path: string): string {
    return this.cache.snapshotPath(this.commit, path);
  }

  async exists(path: string): Promise<boolean> {
    return this.listing.has(path);
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const file = this.listing.get(innerPath(path, this.id));
    if (!file) return undefined;
    if (file.byteLength <= maxBytes) await this.#fetch(file);
    return readBounded(this.locate(path), file.byteLength, maxBytes);
  }

  async open(path: string): ReturnType<ModelFiles["open"]> {
    const file = this.listing.get(innerPath(path, this.id));
    if (!file) return undefined;
    await this.#fetch(file);
    return openFileSource(this.locate(path));
  }

  async list(): Promise<readonly string[]> {
    return [...this.listing.keys()];
  }

  async #fetch(file: RemoteFile): Promise<void> {
    const { cache, commit, client } = this;
    if (await cache.has(commit, file)) return;
    client.signal?.throwIfAborted();
    const blobPath = cache.blobPath(file);
    if (!(await hasSize(blobPath, file.byteLength))) await this.#download(file, blobPath);
    await cache.place(commit, file);
  }

  async #download(file: RemoteFile, blobPath: string): Promise<void> {
    const { client, commit } = this;
    if (client.settings.offline) {
      throw new DownloadError(
        "offline",
        `is not in the cache (${this.locate(file.path)}), and offline use was asked for. Open the model once online`,
        { model: client.model, file: file.path },
      );
    }
    const onBytes = this.#reporter(file);
    const lock = await acquireLock(`${blobPath}.lock`, {
      signal: client.signal,
      onWait: async () => onBytes(await sizeOf(`${blobPath}.partial`)),
    });
    try {
      if (await hasSize(blobPath, file.byteLength)) onBytes(file.byteLength);
      else await fetchBlob(blobPath, { client, commit, file, onBytes });
    } finally {
      await lock.release();
    }
  }

  #reporter({ path, byteLength }: RemoteFile): (loaded: number) => void {
    return growing((loaded) => this.onProgress?.({ file: path, loaded, total: byteLength }));
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
