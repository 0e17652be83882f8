import type { ModelCheck } from "../read-model.js";
import type { TimeoutOptions } from "../remote/timeouts.js";

/** Progress of one file's download in bytes; `loaded` never decreases for a file. */
export interface DownloadProgress {
  /** Path inside the model: "model.safetensors". */
  readonly file: string;
  readonly loaded: number;
  readonly total: number;
}

/** All options except `arch` and `sha256` apply to models from the Hugging Face hub only. */
export interface OpenModelOptions {
  /**
   * The architecture that will compute the model. Its `check` is called with the model's
   * description; an error that it throws ends the opening before the tokenizer and the weights are
   * fetched.
   */
  readonly arch?: ModelCheck | undefined;
  /**
   * Required SHA-256 digests in hex, by path. Every named file must exist, and each is read whole
   * and compared before it is used, at each opening.
   */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
  /** Branch, tag or full commit hash; "main" when absent. */
  readonly revision?: string | undefined;
  /** The folder of the download cache; see `defaultCacheDir`. */
  readonly cacheDir?: string | undefined;
  /** Use the cache only and make no request. Default: whether RIPVEC_OFFLINE or HF_HUB_OFFLINE is set. */
  readonly offline?: boolean | undefined;
  /**
   * Whether to read every used file and compare it with its digest, even when an earlier opening
   * did so and the file's size, times and inode are the same since. This finds damage that changes
   * none of these, as on a failing disk.
   */
  readonly verify?: boolean | undefined;
  /** Default: HF_HUB_ETAG_TIMEOUT and HF_HUB_DOWNLOAD_TIMEOUT, in seconds, else 30 s each. */
  readonly timeouts?: TimeoutOptions | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Stops a download. What has arrived is kept for the next attempt. */
  readonly signal?: AbortSignal | undefined;
}
