import type { CacheStorageLike } from "../../../src/browser/globals.js";
import {
  type CacheWarning,
  type DownloadError,
  type DownloadProgress,
  modelCacheName,
  type OpenModelOptions,
  openModel,
} from "../../../src/browser.js";

/** The result of opening a model, as data that can leave the browser. */
export interface Opened {
  readonly hash?: string;
  readonly names?: readonly string[];
  readonly buffers?: number;
  readonly ids?: number[][];
  readonly progress: readonly DownloadProgress[];
  readonly warnings: readonly CacheWarning["problem"][];
  readonly error?: { name: string; message: string; failure?: string; url?: string };
}

export interface OpenRequest extends Pick<OpenModelOptions, "endpoint" | "files" | "revision"> {
  readonly texts?: readonly string[];
  /** Abort as soon as this many bytes of model.safetensors have arrived. */
  readonly abortAfter?: number;
}

/** It runs in a page or worker; tests call it from outside. */
export interface Probe {
  open(urlOrId: string, request: OpenRequest): Promise<Opened>;
  cachedFiles(): Promise<string[]>;
  /** Changes one byte of the cached file whose key ends with this text. */
  damage(end: string): Promise<void>;
  readonly secure: boolean;
}

interface Keys {
  keys(): Promise<readonly Request[]>;
}

const cacheStorage = () => (globalThis as unknown as { caches: CacheStorageLike }).caches;

const probe: Probe = {
  secure: Boolean((globalThis as { isSecureContext?: boolean }).isSecureContext),

  async open(urlOrId, { texts = [], abortAfter, ...options }) {
    const progress: DownloadProgress[] = [];
    const warnings: CacheWarning["problem"][] = [];
    const controller = new AbortController();
    try {
      const model = await openModel(urlOrId, {
        ...options,
        signal: controller.signal,
        onWarning: ({ problem }) => warnings.push(problem),
        onProgress(event) {
          progress.push(event);
          const isWeights = event.file === "model.safetensors";
          if (abortAfter !== undefined && isWeights && event.loaded >= abortAfter) {
            controller.abort(new Error("stopped by the test"));
          }
        },
      });
      const { weights, tokenizer } = model;
      return {
        hash: await weights.hash(),
        names: weights.names,
        buffers: new Set(weights.names.map((name) => weights.get(name).bytes().buffer)).size,
        ids: texts.map((text) => Array.from(tokenizer.encode(text).inputIds)),
        progress,
        warnings,
      };
    } catch (error) {
      const { name, message, failure, url } = error as DownloadError;
      return { progress, warnings, error: { name, message, failure, url: url ?? "" } };
    }
  },

  async cachedFiles() {
    const cache = await cacheStorage().open(modelCacheName);
    return (await (cache as unknown as Keys).keys()).map(({ url }) => url);
  },

  async damage(end) {
    const cache = await cacheStorage().open(modelCacheName);
    const key = (await probe.cachedFiles()).find((url) => url.endsWith(end)) ?? "";
    const response = await cache.match(key);
    const bytes = new Uint8Array((await response?.arrayBuffer()) ?? new ArrayBuffer(0));
    bytes[bytes.byteLength - 1] = (bytes[bytes.byteLength - 1] ?? 0) ^ 1;
    await cache.put(key, new Response(bytes, { headers: response?.headers ?? {} }));
  },
};

Object.assign(globalThis, { ripvecProbe: probe });
