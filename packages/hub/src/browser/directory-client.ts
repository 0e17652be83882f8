import { DownloadError, type DownloadFailure } from "../download-error.js";
import { type RequestSettings, reasonOf, request } from "../remote/request.js";
import { isSameOrigin } from "./globals.js";
import type { Validators } from "./model-cache.js";

/** Statuses that say: there is no such file. */
const absentStatuses = [404, 410];

/** What a redirect answers that is not followed; 0 in browsers. */
const redirectStatuses = [0, 301, 302, 303, 307, 308];

/** A file on the server: nothing new, nothing there, or an answer whose body holds it. */
export type Answer = "unchanged" | "absent" | Response;

/**
 * Requests files below one URL. A query of that URL goes to every file, as signed URLs need it. Every
 * failure is a DownloadError, or the signal's reason when aborted.
 */
export class DirectoryClient {
  readonly #base: URL;
  readonly #init: RequestSettings;

  /** `httpCache`: whether the browser's own cache may keep answers. */
  constructor(base: URL, { signal, httpCache }: { signal: AbortSignal; httpCache: boolean }) {
    this.#base = base;
    // Development servers answer with their page where HTML is accepted, and with 404 where not.
    const headers = { Accept: "application/json, application/octet-stream" };
    this.#init = { headers, signal, cache: httpCache ? "default" : "no-store" };
  }

  /** The folder, for messages. */
  get folder(): string {
    return this.#base.href;
  }

  locate(path: string): string {
    const inner = path.split("/").map(encodeURIComponent).join("/");
    const url = new URL(inner, this.#base);
    url.search = this.#base.search;
    return url.href;
  }

  /** `known` are the validators of a file that is there already: is it unchanged? */
  async get(path: string, known?: Validators): Promise<Answer> {
    if (!known) return this.#answer(await this.#request(path, {}));
    if (isSameOrigin(this.locate(path))) {
      const headers = { ...(this.#init.headers as object), ...conditions(known) };
      const response = await this.#request(path, { headers, redirect: "manual" }, redirectStatuses);
      if (!redirectStatuses.includes(response.status)) return this.#answer(response);
    }
    return (await this.#isUnchanged(path, known)) ? "unchanged" : this.get(path);
  }

  /** Whether the server has the file; a page in its place is none. */
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

  /** Conditional requests to other origins, also by a redirect, need a permission that few servers give; HEAD needs none. */
  async #isUnchanged(path: string, known: Validators): Promise<boolean> {
    const response = await this.#request(path, { method: "HEAD" }, [400, 401, 403, 405, 501]);
    if (!response.ok) return false;
    const { etag, lastModified } = validatorsOf(response);
    if (etag !== null && known.etag !== null) return etag === known.etag;
    return lastModified !== null && lastModified === known.lastModified;
  }

  async #isAbsent({ status, body }: Response): Promise<boolean> {
    if (!absentStatuses.includes(status)) return false;
    await body?.cancel();
    return true;
  }

  #request(path: string, init: RequestSettings, more: readonly number[] = []): Promise<Response> {
    const url = this.locate(path);
    return request(
      url,
      { ...this.#init, ...init },
      {
        answers: [304, ...absentStatuses, ...more],
        refusal: (response) => this.#refusal(path, url, response),
        unreachable: (cause) => this.#unreachable(path, url, cause),
      },
    );
  }

  #refusal(path: string, url: string, { status }: Response): DownloadError {
    if (status !== 401 && status !== 403) {
      return this.failure("network", `the server answered ${status} for ${url}`, path, { status });
    }
    return this.failure(
      "access",
      `the server answered ${status} for ${url}: it gives no access to the file. Some stores also answer so for files they lack: then list the model's files in the option "files"`,
      path,
      { status },
    );
  }

  #unreachable(path: string, url: string, cause: unknown): DownloadError {
    const permission = isSameOrigin(url)
      ? ""
      : ". The page has another origin: the server must allow it (Access-Control-Allow-Origin)";
    const message = `cannot fetch ${url}: ${reasonOf(cause)}${permission}`;
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
