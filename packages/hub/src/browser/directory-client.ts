import { DownloadError, type DownloadFailure } from "../download-error.js";
import { publicUrl, splitCredentials } from "../remote/public-url.js";
import { retrying, triesNote } from "../remote/retry.js";
import { discard, reasonOf, send } from "../remote/send.js";
import type { BodyLimits, RequestSettings } from "../remote/timed-fetch.js";
import type { Timeouts } from "../remote/timeouts.js";
import { isSameOrigin } from "./globals.js";
import type { Validators } from "./model-cache.js";

/** HTTP statuses that mean that the file does not exist. */
const absentStatuses = [404, 410];

/** Status of a redirect that is not followed: 0 in browsers. */
const redirectStatuses = [0, 301, 302, 303, 307, 308];

/**
 * The state of a file on the server: unchanged, missing, or an answer whose body holds its bytes.
 */
export type Answer = "unchanged" | "absent" | Response;

interface DirectoryAccess {
  readonly signal: AbortSignal;
  readonly timeouts: Timeouts;
  readonly httpCache: boolean;
}

/**
 * Requests files below one URL. The query of that URL is sent with every file, because signed URLs
 * need it. Every failure is a DownloadError, or the signal's reason when aborted.
 */
export class DirectoryClient {
  readonly #base: URL;
  readonly #init: RequestSettings;
  /** The limits that the bodies of files must keep. */
  readonly limits: BodyLimits;

  /** `httpCache`: whether the browser's HTTP cache may keep answers. */
  constructor(base: URL, { signal, timeouts, httpCache }: DirectoryAccess) {
    const { url, authorization } = splitCredentials(base);
    this.#base = url;
    const headers = {
      // Development servers send their start page to clients that accept HTML, and 404 to others.
      Accept: "application/json, application/octet-stream",
      ...(authorization !== undefined && { Authorization: authorization }),
    };
    this.#init = { headers, cache: httpCache ? "default" : "no-store" };
    this.limits = { signal, timeoutMs: timeouts.downloadMs };
  }

  /** The URL of the folder, for messages. */
  get folder(): string {
    return this.#base.href;
  }

  locate(path: string): string {
    const inner = path.split("/").map(encodeURIComponent).join("/");
    const url = new URL(inner, this.#base);
    url.search = this.#base.search;
    return url.href;
  }

  /**
   * `known` holds the validators of a cached file; the server says whether they are still current.
   */
  async get(path: string, known?: Validators): Promise<Answer> {
    if (!known) return this.#answer(await this.#request(path, {}));
    if (isSameOrigin(this.locate(path))) {
      const headers = { ...(this.#init.headers as object), ...conditions(known) };
      const response = await this.#request(path, { headers, redirect: "manual" }, redirectStatuses);
      if (!redirectStatuses.includes(response.status)) return this.#answer(response);
    }
    return (await this.#isUnchanged(path, known)) ? "unchanged" : this.get(path);
  }

  /** Whether the server has the file. A web page in its place does not count. */
  async has(path: string): Promise<boolean> {
    const response = await this.#request(path, { method: "HEAD" });
    return !(await this.#isAbsent(response)) && !isHtml(response);
  }

  failure(
    failure: DownloadFailure,
    message: string,
    path: string,
    facts: { status?: number; cause?: unknown } = {},
  ): DownloadError {
    const url = this.locate(path);
    return new DownloadError(failure, message, { model: this.folder, file: path, url, ...facts });
  }

  async #answer(response: Response): Promise<Answer> {
    if (response.status === 304) return "unchanged";
    return (await this.#isAbsent(response)) ? "absent" : response;
  }

  /**
   * Conditional requests to another origin, including after a redirect, need a CORS permission that
   * few servers give; HEAD needs none.
   */
  async #isUnchanged(path: string, known: Validators): Promise<boolean> {
    const response = await this.#request(path, { method: "HEAD" }, [400, 401, 403, 405, 501]);
    if (!response.ok) return false;
    const { etag, lastModified } = validatorsOf(response);
    if (etag !== null && known.etag !== null) return etag === known.etag;
    return lastModified !== null && lastModified === known.lastModified;
  }

  async #isAbsent(response: Response): Promise<boolean> {
    if (!absentStatuses.includes(response.status)) return false;
    await discard(response);
    return true;
  }

  #request(path: string, init: RequestSettings, more: readonly number[] = []): Promise<Response> {
    const url = this.locate(path);
    const rules = {
      ...this.limits,
      fetch,
      answers: [304, ...absentStatuses, ...more],
      refusal: (response: Response, tries: number) => this.#refusal(path, response, tries),
      unreachable: (cause: unknown, tries: number) => this.#unreachable(path, cause, tries),
    };
    return retrying(this.limits.signal, () => send(url, { ...this.#init, ...init }, rules));
  }

  #refusal(path: string, { status }: Response, tries: number): DownloadError {
    const answered = `the server answered ${status} for ${publicUrl(this.locate(path))}${triesNote(tries)}`;
    if (status !== 401 && status !== 403)
      return this.failure("network", answered, path, { status });
    return this.failure(
      "access",
      `${answered}: it denies access to the file. Some stores send this status also for files they do not have: in that case list the model's files in the option "files"`,
      path,
      { status },
    );
  }

  #unreachable(path: string, cause: unknown, tries: number): DownloadError {
    const url = this.locate(path);
    const permission = isSameOrigin(url)
      ? ""
      : ". The page has another origin, so the server must allow the request (Access-Control-Allow-Origin)";
    const message = `cannot fetch ${publicUrl(url)}: ${reasonOf(cause)}${triesNote(tries)}${permission}`;
    return this.failure("network", message, path, { cause });
  }
}

export function validatorsOf({ headers }: Response): Validators {
  return { etag: headers.get("ETag"), lastModified: headers.get("Last-Modified") };
}

function conditions({ etag, lastModified }: Validators): Record<string, string> {
  if (etag !== null) return { "If-None-Match": etag };
  return lastModified === null ? {} : { "If-Modified-Since": lastModified };
}

function isHtml({ headers }: Response): boolean {
  return /html/i.test(headers.get("Content-Type") ?? "");
}
