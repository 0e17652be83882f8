import type { ModelCheck } from "../read-model.js";
import type { TimeoutOptions } from "../remote/timeouts.js";

/** Bytes of one file of the model that have arrived; never decreases for a file. */
export interface DownloadProgress {
  /** Path inside the model: "model.safetensors". */
  readonly file: string;
  readonly loaded: number;
  readonly total: number;
}

/** All but `arch` and `sha256` are for models from the Hugging Face hub. */
export interface OpenModelOptions {
  /**
   * The architecture that will compute the model: its `check` is called with the model's description, and what
   * it throws ends the opening before tokenizer and weights are fetched.
   */
  readonly arch?: ModelCheck | undefined;
  /**
   * SHA-256 in hex that files must have, by path. Every such file must be there, and one that is used is read whole and
   * compared before that; each opening reads it anew.
   */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
  /** Branch, tag or full commit hash; "main" when absent. */
  readonly revision?: string | undefined;
  /** Where downloads are kept; see `defaultCacheDir`. */
  readonly cacheDir?: string | undefined;
  /** Use the cache only and make no request. Default: whether RIPVEC_OFFLINE or HF_HUB_OFFLINE is set. */
  readonly offline?: boolean | undefined;
  /**
   * Read every file that is used and compare it with its digest, also where an earlier opening did so and the file
   * looks the same since (size, times, inode). Finds what leaves no trace there: disks that decay.
   */
  readonly verify?: boolean | undefined;
  /** Default: HF_HUB_ETAG_TIMEOUT and HF_HUB_DOWNLOAD_TIMEOUT, in seconds, else 30 s each. */
  readonly timeouts?: TimeoutOptions | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Stops a download; what has arrived is kept for the next attempt. */
  readonly signal?: AbortSignal | undefined;
}
