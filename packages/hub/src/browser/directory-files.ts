import { isRipvecError } from "@ripvec/core";
import { sha256 } from "../digest.js";
import { innerPath, type ModelFiles } from "../model-files.js";
import { missingPinned, type Pins } from "../pins.js";
import { isHtml } from "../remote/answer.js";
import { publicUrl } from "../remote/public-url.js";
import { growing } from "../remote/receive.js";
import { reasonOf } from "../remote/send.js";
import { type DirectoryClient, validatorsOf } from "./directory-client.js";
import { expectDigest } from "./expect-digest.js";
import { isSameOrigin, locked } from "./globals.js";
import { memorySource } from "./memory-source.js";
import type { LoadedFile, ModelCache } from "./model-cache.js";
import type { DownloadProgress } from "./open-model-options.js";
import { readBody } from "./read-body.js";

export interface DirectorySettings {
  readonly client: DirectoryClient;
  readonly cache: ModelCache;
  readonly signal: AbortSignal;
  readonly pins: Pins;
  /** Paths of the model's files; undefined when the server must be asked. */
  readonly listed: ReadonlySet<string> | undefined;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * The files of a model below a URL. A cached file is used when the server says that it is current.
 */
export class DirectoryFiles implements ModelFiles {
  readonly id: string;
  readonly #settings: DirectorySettings;

  constructor(settings: DirectorySettings) {
    this.id = publicUrl(settings.client.folder);
    this.#settings = settings;
  }

  /** The query is left out: it may hold a signature. */
  locate(path: string): string {
    return publicUrl(this.#settings.client.locate(path));
  }

  /** Cached files are assumed to exist until they are opened. */
  async exists(path: string): Promise<boolean> {
    const { listed, client, cache } = this.#settings;
    if (listed) return listed.has(path);
    const url = client.locate(innerPath(path, this.id));
    return (await cache.find(url, path)) !== undefined || client.has(path);
  }

  async list(): Promise<readonly string[] | undefined> {
    const { listed } = this.#settings;
    return listed && [...listed];
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    return (await this.#load(path, maxBytes))?.bytes;
  }

  async open(path: string): ReturnType<ModelFiles["open"]> {
    const file = await this.#load(path, Number.MAX_SAFE_INTEGER);
    return file && memorySource(this.locate(path), file);
  }

  #load(path: string, maxBytes: number): Promise<LoadedFile | undefined> {
    const { listed, signal, cache, client } = this.#settings;
    const url = client.locate(innerPath(path, this.id));
    if (listed && !listed.has(path)) return Promise.resolve(undefined);
    const load = () => this.#loadAlone(path, url, maxBytes);
    return cache.works ? locked(`ripvec ${url}`, signal, load) : load();
  }

  async #loadAlone(path: string, url: string, maxBytes: number): Promise<LoadedFile | undefined> {
    const { client, cache, pins, signal } = this.#settings;
    const entry = await cache.find(url, path);
    const pin = pins.get(path);
    if (entry && pin === entry.sha256) {
      const cached = await entry.load();
      if (cached) return cached;
    }
    // A cached file without the pinned digest is not revalidated but requested again.
    let answer = await client.get(path, pin === undefined ? entry : undefined);
    if (answer === "unchanged") {
      const cached = await entry?.load();
      if (cached) return cached;
      answer = await client.get(path);
    }
    signal.throwIfAborted();
    if (answer instanceof Response) return this.#receive(path, answer, maxBytes);
    if (pin !== undefined) throw missingPinned(this.locate(path), pin);
    return undefined;
  }

  async #receive(path: string, response: Response, maxBytes: number): Promise<LoadedFile> {
    const { cache, pins, signal, client } = this.#settings;
    const url = client.locate(path);
    const bytes = await this.#readBody(path, response, maxBytes);
    if (isHtml(bytes)) {
      throw client.failure(
        "not-found",
        `${publicUrl(url)} is a web page, not the file: the server sends its start page for files that it does not have. Configure it to answer 404 below ${this.id}, or list the model's files in the option "files"`,
        path,
        { status: response.status },
      );
    }
    const pin = pins.get(path);
    const announced = announcedDigest(response);
    const checked = pin !== undefined || announced !== undefined || cache.works;
    const digest = checked ? await sha256(bytes) : undefined;
    signal.throwIfAborted();
    const facts = { model: this.id, file: path, url };
    if (digest !== undefined) {
      if (announced !== undefined) {
        expectDigest(digest, announced, { ...facts, saidBy: "the server" });
      }
      if (pin !== undefined) expectDigest(digest, pin, { ...facts, saidBy: "the option sha256" });
    }
    const file: LoadedFile = { bytes, sha256: digest };
    await cache.store(url, { ...file, ...validatorsOf(response) }, path);
    return file;
  }

  async #readBody(path: string, response: Response, maxBytes: number): Promise<Uint8Array> {
    const { client, signal, onProgress } = this.#settings;
    const url = this.locate(path);
    const length = announcedLength(response);
    let loaded = 0;
    const report = growing((count) => {
      loaded = count;
      // When the body was decompressed invisibly, Content-Length counts other bytes.
      const total =
        length === undefined || count > length.byteLength ? undefined : length.byteLength;
      onProgress?.({ file: path, loaded: count, total });
    });
    const byteLength = length?.byteLength;
    let bytes: Uint8Array;
    try {
      const { limits } = client;
      bytes = await readBody(response, { url, limits, byteLength, maxBytes, onBytes: report });
    } catch (cause) {
      signal.throwIfAborted();
      if (isRipvecError(cause)) throw cause;
      const message = `the download of ${url} stopped at ${loaded}${byteLength === undefined ? "" : ` of ${byteLength}`} bytes: ${reasonOf(cause)}. Open the model again`;
      throw client.failure("network", message, path, { cause });
    }
    if (length?.exact && bytes.byteLength !== byteLength) {
      const message = `${url} came with ${bytes.byteLength} bytes, though the server announced ${byteLength}`;
      throw client.failure("integrity", message, path);
    }
    return bytes;
  }
}

/**
 * The value of Content-Length. It may be wrong when a compression is not visible: servers of other
 * origins expose few headers.
 */
function announcedLength(
  response: Response,
): { readonly byteLength: number; readonly exact: boolean } | undefined {
  const text = response.headers.get("Content-Length") ?? "";
  const encoding = response.headers.get("Content-Encoding") ?? "identity";
  if (!/^\d{1,15}$/.test(text) || encoding !== "identity") return undefined;
  return { byteLength: Number(text), exact: isSameOrigin(response.url) };
}

/** The SHA-256 that Hugging Face hubs send with large files. */
function announcedDigest({ headers }: Response): string | undefined {
  return /^"?([0-9a-f]{64})"?$/.exec(headers.get("X-Linked-Etag") ?? "")?.[1];
}
