import type { ModelCheck } from "../read-model.js";
import type { TimeoutOptions } from "../remote/timeouts.js";

/** Bytes of one file of the model that have arrived; never decreases for a file. */
export interface DownloadProgress {
  /** Path inside the model: "model.safetensors". */
  readonly file: string;
  readonly loaded: number;
  /** Undefined when the server does not say, or not in the bytes of the file itself (compression). */
  readonly total: number | undefined;
}

/** The cache could not do its work; the model opens all the same. */
export interface CacheWarning {
  /**
   * There is no Cache API here (page not from HTTPS, sandboxed frame); the browser gives no more space;
   * another failure of the cache; or a cached file had changed and was fetched again.
   */
  readonly problem: "unavailable" | "full" | "failed" | "damaged";
  readonly message: string;
  /** Path inside the model, where the warning is about one file. */
  readonly file?: string | undefined;
  readonly cause?: unknown;
}

export interface OpenModelOptions {
  /**
   * The architecture that will compute the model: its `check` is called with the model's description, and what
   * it throws ends the opening before tokenizer and weights are fetched.
   */
  readonly arch?: ModelCheck | undefined;
  /** Downloads only; files from the cache report nothing. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly onWarning?: ((warning: CacheWarning) => void) | undefined;
  /** Stops all requests at once; files that were complete stay in the cache. */
  readonly signal?: AbortSignal | undefined;
  /** 30 s each when absent. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Keep files in the Cache API, and use what is there; true when absent. */
  readonly cache?: boolean | undefined;
  /**
   * SHA-256 in hex that files must have, by path. Every such file must be there, and one that is used is compared. In
   * the cache it costs no request; of a directory without `files`, the server is asked with HEAD for one that is not.
   */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
  /** For a directory: the paths of the files it has. Others are not asked for. */
  readonly files?: readonly string[] | undefined;
  /** For an id: branch, tag or full commit hash; "main" when absent. */
  readonly revision?: string | undefined;
  /** For an id: another hub than https://huggingface.co. A user and a password in it take the place of `token`. */
  readonly endpoint?: string | undefined;
  /** For an id: access token, sent to the hub only. Whoever uses the page can read it. */
  readonly token?: string | undefined;
}
