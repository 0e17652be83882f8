import { ModelFileError } from "@ripvec/core";
import { gitSha1, sha256 } from "../digest.js";
import { DownloadError } from "../download-error.js";
import { innerPath, type ModelFiles } from "../model-files.js";
import type { Pins } from "../pins.js";
import type { HubClient } from "../remote/hub-client.js";
import type { Listing, RemoteFile } from "../remote/listing.js";
import { growing, receive } from "../remote/receive.js";
import { expectDigest } from "./expect-digest.js";
import { locked } from "./globals.js";
import { memorySource } from "./memory-source.js";
import type { LoadedFile, ModelCache } from "./model-cache.js";
import type { DownloadProgress } from "./open-model-options.js";
import { allocate } from "./read-body.js";

export interface HubFilesSettings {
  readonly client: HubClient;
  readonly commit: string;
  readonly listing: Listing;
  readonly cache: ModelCache;
  readonly signal: AbortSignal;
  readonly pins: Pins;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * The files of one commit on the hub. They are cached by digest, so a new commit fetches only the
 * files that changed.
 */
export class HubFiles implements ModelFiles {
  readonly id: string;
  readonly #settings: HubFilesSettings;

  constructor(settings: HubFilesSettings) {
    this.id = settings.client.model;
    this.#settings = settings;
  }

  locate(path: string): string {
    return this.#settings.client.fileUrl(this.#settings.commit, path);
  }

  async exists(path: string): Promise<boolean> {
    return this.#settings.listing.has(path);
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const file = this.#settings.listing.get(innerPath(path, this.id));
    if (file && file.byteLength > maxBytes) {
      throw new ModelFileError(
        `has ${file.byteLength} bytes, the limit for this file is ${maxBytes}`,
        { path: this.locate(path) },
      );
    }
    return file && (await this.#load(file)).bytes;
  }

  async open(path: string): ReturnType<ModelFiles["open"]> {
    const file = this.#settings.listing.get(innerPath(path, this.id));
    return file && memorySource(this.locate(path), await this.#load(file));
  }

  async list(): Promise<readonly string[]> {
    return [...this.#settings.listing.keys()];
  }

  async #load(file: RemoteFile): Promise<LoadedFile> {
    const { cache, client, pins, signal } = this.#settings;
    const key = `${client.settings.endpoint}/${this.id}/blobs/${file.digest}`;
    const load = async () =>
      (await (await cache.find(key, file.path))?.load()) ?? (await this.#download(key, file));
    const loaded = await (cache.works ? locked(`ripvec ${key}`, signal, load) : load());
    const pin = pins.get(file.path);
    if (pin !== undefined) {
      const actual = loaded.sha256 ?? (await sha256(loaded.bytes));
      const url = this.locate(file.path);
      expectDigest(actual, pin, {
        model: this.id,
        file: file.path,
        url,
        saidBy: "the option sha256",
      });
    }
    return loaded;
  }

  async #download(key: string, file: RemoteFile): Promise<LoadedFile> {
    const { cache, client, commit, signal, onProgress } = this.#settings;
    signal.throwIfAborted();
    const { path, byteLength, algorithm, digest } = file;
    const bytes = allocate(byteLength, this.locate(path));
    const onBytes = growing((loaded) => onProgress?.({ file: path, loaded, total: byteLength }));
    onBytes(0);
    const write = (chunk: Uint8Array, at: number) => bytes.set(chunk, at);
    const download = { client, commit, file, onBytes };
    const fill = () => receive(download, { at: 0, write }, ". Open the model again");
    const hash = () => (algorithm === "sha256" ? sha256(bytes) : gitSha1(bytes));
    const answers = await fill();
    let actual = await hash();
    if (actual !== digest && answers > 1) {
      // The parts may come from different versions of the file, so it is fetched again from the
      // start.
      await fill();
      actual = await hash();
    }
    if (actual !== digest) {
      throw new DownloadError(
        "integrity",
        `the file that arrived has digest ${algorithm} ${actual} instead of ${digest}`,
        { model: this.id, file: path, url: this.locate(path) },
      );
    }
    const loaded = { bytes, sha256: algorithm === "sha256" ? actual : await sha256(bytes) };
    signal.throwIfAborted();
    await cache.store(key, loaded, path);
    return loaded;
  }
}
