import type { ModelCheck } from "../read-model.js";
import type { TimeoutOptions } from "../remote/timeouts.js";

/** Progress of one file's download in bytes; `loaded` never decreases for a file. */
export interface DownloadProgress {
  /** Path inside the model: "model.safetensors". */
  readonly file: string;
  readonly loaded: number;
  /** Undefined when the server does not send the length, or sends that of a compressed body. */
  readonly total: number | undefined;
}

/** A failure of the cache. The model still opens. */
export interface CacheWarning {
  /**
   * `unavailable`: the page has no Cache API (not from HTTPS, or a sandboxed frame). `full`: the
   * storage quota is used up. `failed`: another failure of the cache. `damaged`: a cached file had
   * changed and was downloaded again.
   */
  readonly problem: "unavailable" | "full" | "failed" | "damaged";
  readonly message: string;
  /** Path inside the model, when the warning is about one file. */
  readonly file?: string | undefined;
  readonly cause?: unknown;
}

export interface OpenModelOptions {
  /**
   * The architecture that will compute the model. Its `check` is called with the model's
   * description; an error that it throws ends the opening before the tokenizer and the weights are
   * fetched.
   */
  readonly arch?: ModelCheck | undefined;
  /** Called for downloads only, not for files from the cache. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly onWarning?: ((warning: CacheWarning) => void) | undefined;
  /** Stops all requests at once. Files that are complete stay in the cache. */
  readonly signal?: AbortSignal | undefined;
  /** Default: 30 s each. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Whether to store files in the Cache API and to use stored ones. Default: true. */
  readonly cache?: boolean | undefined;
  /**
   * Required SHA-256 digests in hex, by path. Every named file must exist, and each is compared
   * before it is used. A cached file with the digest is used without a request. For a directory
   * without `files`, the server is asked with HEAD for a named file that is not cached.
   */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
  /** For a directory: the paths of its files. No other file is requested. */
  readonly files?: readonly string[] | undefined;
  /** For an id: branch, tag or full commit hash; "main" when absent. */
  readonly revision?: string | undefined;
  /**
   * For an id: a hub other than https://huggingface.co. A user and a password in it replace
   * `token`.
   */
  readonly endpoint?: string | undefined;
  /** For an id: access token, sent to the hub only. Every user of the page can read it. */
  readonly token?: string | undefined;
}
