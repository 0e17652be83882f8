import { RipvecError } from "@ripvec/core";
import { publicUrl } from "./remote/public-url.js";

/**
 * What went wrong: the model, revision or file is not on the server; access is refused; the server or the
 * network failed; what arrived is not what the hub announced; the cache lacks it while offline; or the
 * cache folder cannot be read or written.
 */
export type DownloadFailure =
  | "not-found"
  | "access"
  | "network"
  | "integrity"
  | "offline"
  | "cache";

/** A model could not be had from the hub or from the cache. */
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
