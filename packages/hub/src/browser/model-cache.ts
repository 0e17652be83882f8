import { isRipvecError } from "@ripvec/core";
import { sha256 } from "../digest.js";
import { chunksOf } from "../remote/timed-fetch.js";
import { type CacheLike, cacheStorage } from "./globals.js";
import type { CacheWarning } from "./open-model-options.js";
import { allocate } from "./read-body.js";

/** Name of the cache that holds model files. `caches.delete(modelCacheName)` frees its space. */
export const modelCacheName = "ripvec-models-v1";

/** The bytes of a file, and their SHA-256 in hex where it was computed. */
export interface LoadedFile {
  readonly bytes: Uint8Array;
  readonly sha256?: string | undefined;
}

/** The server's validators of a file, which are sent later to ask whether it changed. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** A cached file that has not been read yet. */
export interface CacheEntry extends Validators {
  readonly sha256: string;
  /**
   * The checked bytes. Undefined when they differ from those that were stored; the entry is deleted
   * then.
   */
  load(): Promise<LoadedFile | undefined>;
}

const headers = { byteLength: "X-Ripvec-Byte-Length", sha256: "X-Ripvec-SHA-256" } as const;

/**
 * Size of the chunks in which a file is passed to the browser, so that memory never holds it twice.
 */
const storedChunkBytes = 1 << 20;

/**
 * Model files in the Cache API, each with its SHA-256. An entry appears whole or not at all, and
 * holds only bytes that were checked. A failure of the cache is never an error: it causes a
 * warning, and the file is downloaded.
 */
export class ModelCache {
  readonly #cache: CacheLike | undefined;
  readonly #signal: AbortSignal;
  readonly #warn: (warning: CacheWarning) => void;

  private constructor(
    cache: CacheLike | undefined,
    signal: AbortSignal,
    warn: (warning: CacheWarning) => void,
  ) {
    this.#cache = cache;
    this.#signal = signal;
    this.#warn = warn;
  }

  /** `enabled: false` gives a cache that keeps nothing. */
  static async open(
    enabled: boolean,
    signal: AbortSignal,
    warn: (warning: CacheWarning) => void,
  ): Promise<ModelCache> {
    let cache: CacheLike | undefined;
    try {
      cache = enabled ? await cacheStorage()?.open(modelCacheName) : undefined;
      if (enabled && !cache) warn(unavailable());
    } catch (cause) {
      warn(unavailable(cause));
    }
    return new ModelCache(cache, signal, warn);
  }

  /** Whether files are kept. */
  get works(): boolean {
    return this.#cache !== undefined;
  }

  async find(key: string, file?: string): Promise<CacheEntry | undefined> {
    try {
      const response = await this.#cache?.match(key);
      if (!response) return undefined;
      return {
        etag: response.headers.get("ETag"),
        lastModified: response.headers.get("Last-Modified"),
        sha256: response.headers.get(headers.sha256) ?? "",
        load: () => this.#load(key, response, file),
      };
    } catch (cause) {
      this.#warn({ problem: "failed", message: `the cache cannot be read: ${cause}`, file, cause });
      return undefined;
    }
  }

  /** Stores a file that was checked. Rejects only with the signal's reason. */
  async store(
    key: string,
    { bytes, sha256: digest = "", ...validators }: LoadedFile & Partial<Validators>,
    file?: string,
  ): Promise<void> {
    if (!this.#cache) return;
    const { etag, lastModified } = validators;
    const response = new Response(streamOf(bytes, this.#signal), {
      headers: {
        "Content-Type": "application/octet-stream",
        [headers.byteLength]: String(bytes.byteLength),
        [headers.sha256]: digest,
        ...(etag != null && { ETag: etag }),
        ...(lastModified != null && { "Last-Modified": lastModified }),
      },
    });
    try {
      await this.#cache.put(key, response);
    } catch (cause) {
      this.#signal.throwIfAborted();
      const full = cause instanceof Error && cause.name === "QuotaExceededError";
      const problem = full ? "full" : "failed";
      const reason = full ? "the browser's storage quota for this page is used up" : String(cause);
      this.#warn({ problem, message: `a file could not be cached: ${reason}`, file, cause });
      // An older version's entry under this key must not remain when the new one cannot be stored.
      await this.#forget(key);
    }
  }

  async #load(
    key: string,
    response: Response,
    file: string | undefined,
  ): Promise<LoadedFile | undefined> {
    const expected = response.headers.get(headers.sha256) ?? "";
    const byteLength = Number(response.headers.get(headers.byteLength) ?? Number.NaN);
    let reason = "its bytes differ from those that were stored";
    let cause: unknown;
    try {
      const bytes = await readExactly(response, { key, byteLength }, this.#signal);
      if (bytes && (await sha256(bytes)) === expected) return { bytes, sha256: expected };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (isRipvecError(error)) throw error;
      reason = String(error);
      cause = error;
    }
    await this.#forget(key);
    const message = `a cached file is damaged and is downloaded again: ${reason}`;
    this.#warn({ problem: "damaged", message, file, ...(cause !== undefined && { cause }) });
    return undefined;
  }

  async #forget(key: string): Promise<void> {
    await this.#cache?.delete(key).catch(() => undefined);
  }
}

function unavailable(cause?: unknown): CacheWarning {
  return {
    problem: "unavailable",
    message:
      "the browser has no Cache API here, so the model is downloaded every time. The Cache API needs a page from HTTPS or localhost that is not in a sandboxed frame",
    ...(cause !== undefined && { cause }),
  };
}

/** Undefined when the body does not have the expected length. */
async function readExactly(
  response: Response,
  { key, byteLength }: { key: string; byteLength: number },
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (!Number.isSafeInteger(byteLength) || byteLength < 0) return undefined;
  const bytes = allocate(byteLength, key);
  let at = 0;
  for await (const chunk of chunksOf(response)) {
    signal.throwIfAborted();
    if (at + chunk.byteLength > byteLength) return undefined;
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return at === byteLength ? bytes : undefined;
}

function streamOf(bytes: Uint8Array, signal: AbortSignal): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (signal.aborted) controller.error(signal.reason);
      else if (at === bytes.byteLength) controller.close();
      else {
        const chunk = bytes.subarray(at, at + storedChunkBytes);
        at += chunk.byteLength;
        controller.enqueue(chunk);
      }
    },
  });
}
