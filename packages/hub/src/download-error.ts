import { RipvecError } from "@ripvec/core";
import { publicUrl } from "./remote/public-url.js";

/**
 * The reason of a failure. `not-found`: the server does not have the model, revision or file.
 * `access`: access is refused. `network`: the server or the network failed. `integrity`: the data
 * that arrived differs from what the hub announced. `offline`: the cache does not have it, and
 * offline use was requested. `cache`: the cache folder cannot be read or written.
 */
export type DownloadFailure =
  | "not-found"
  | "access"
  | "network"
  | "integrity"
  | "offline"
  | "cache";

/** A file of a model could not be obtained from the hub or from the cache. */
export class DownloadError extends RipvecError {
  override readonly name = "DownloadError";
  readonly failure: DownloadFailure;
  /** The Hugging Face id; in browsers also the URL of a folder. */
  readonly model: string;
  readonly file: string | undefined;
  readonly url: string | undefined;
  /** HTTP status, where the server answered. */
  readonly status: number | undefined;

  constructor(
    failure: DownloadFailure,
    message: string,
    facts: { model: string; file?: string; url?: string; status?: number; cause?: unknown },
  ) {
    const model = URL.canParse(facts.model) ? publicUrl(facts.model) : facts.model;
    const place = facts.file === undefined ? model : `${model}, ${facts.file}`;
    super(
      "DOWNLOAD",
      `${place}: ${message}`,
      "cause" in facts ? { cause: facts.cause } : undefined,
    );
    this.failure = failure;
    this.model = facts.model;
    this.file = facts.file;
    this.url = facts.url;
    this.status = facts.status;
  }
}
