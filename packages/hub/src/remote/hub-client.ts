import { DownloadError, type DownloadFailure } from "../download-error.js";
import { readAnswer, UnexpectedAnswerError } from "./answer.js";
import { clock } from "./clock.js";
import { commitOf, entriesOf, nextPage, revisionUrl, treeUrl } from "./hub-api.js";
import type { HubAccess, HubSettings } from "./hub-settings.js";
import { addEntry, type Listing, listingLimits, type RemoteFile } from "./listing.js";
import { publicUrl } from "./public-url.js";
import { RedirectedError, roleOf } from "./redirected.js";
import { type Refused, refusalOf } from "./refusal.js";
import { PassingFailure, retrying, triesNote } from "./retry.js";
import { reasonOf, send } from "./send.js";
import { BrokenBodyError } from "./timed-fetch.js";

interface RequestFacts {
  readonly file?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses outside of 2xx that are answers. */
  readonly answers?: readonly number[];
  /** Advice that ends the message when the hub cannot be reached. */
  readonly remedy?: string;
}

/** One model on the hub. Every failure is a DownloadError, or the signal's reason when aborted. */
export class HubClient<Settings extends HubSettings = HubSettings> {
  readonly #access: HubAccess;

  constructor(
    readonly model: string,
    readonly settings: Settings,
    readonly signal: AbortSignal | undefined,
    access: HubAccess,
  ) {
    this.#access = access;
  }

  /**
   * The commit that the revision currently names. `remedy` ends the message when the hub cannot be
   * reached.
   */
  resolveCommit(remedy: string): Promise<string> {
    const { endpoint, revision } = this.settings;
    return this.#ask(revisionUrl(endpoint, this.model, revision), commitOf, remedy);
  }

  /** The list of all files of a commit. */
  async listFiles(commit: string): Promise<Listing> {
    const { endpoint } = this.settings;
    const listing = new Map<string, RemoteFile>();
    const seen = new Set<string>();
    const startedAt = clock.now();
    let entries = 0;
    let url: string | undefined = treeUrl(endpoint, this.model, commit);
    while (url !== undefined) {
      this.#expectPage(url, seen);
      seen.add(url);
      url = await this.#ask(url, (answer, response, at) => {
        const page = entriesOf(answer);
        for (const entry of page) addEntry(listing, entry);
        entries += page.length;
        return nextPage(response, at);
      });
      const { pages, entries: maxEntries, timeMs } = listingLimits;
      if (entries > maxEntries || seen.size > pages || clock.now() - startedAt > timeMs) {
        throw this.failure(
          "integrity",
          `the listing of its files does not end: ${entries} entries on ${seen.size} pages were read in ${Math.round((clock.now() - startedAt) / 1000)} s`,
        );
      }
    }
    return listing;
  }

  /** The URL of a file of a commit; "" gives its folder. */
  fileUrl(commit: string, path: string): string {
    const inner = path.split("/").map(encodeURIComponent).join("/");
    return `${this.settings.endpoint}/${this.model}/resolve/${commit}/${inner}`;
  }

  /**
   * Sends one request for the bytes of a file from byte `from` on. Status 200 instead of 206: the
   * answer has all bytes; 416: the server does not have this range. Rejects with a PassingFailure
   * when another attempt may succeed.
   */
  fetchFile(commit: string, path: string, from: number): Promise<Response> {
    return this.#send(this.fileUrl(commit, path), this.settings.timeouts.downloadMs, {
      file: path,
      answers: from > 0 ? [416] : [],
      headers: {
        // Ranges and sizes must count the bytes of the file itself, not of a compressed body.
        "Accept-Encoding": "identity",
        ...(from > 0 && { Range: `bytes=${from}-` }),
      },
    });
  }

  /**
   * Whether all headers of the answer are visible. Without Content-Encoding, its length has no
   * meaning.
   */
  seesHeaders(response: Response): boolean {
    return this.#access.seesHeaders(response);
  }

  failure(
    failure: DownloadFailure,
    message: string,
    facts: { file?: string; url?: string; status?: number; cause?: unknown } = {},
  ): DownloadError {
    return new DownloadError(failure, message, { model: this.model, ...facts });
  }

  #expectPage(url: string, seen: ReadonlySet<string>): void {
    const { origin } = new URL(url);
    if (origin !== new URL(this.settings.endpoint).origin) {
      throw this.failure(
        "integrity",
        `the listing of its files continues at another server, ${origin}`,
      );
    }
    if (!seen.has(url)) return;
    throw this.failure(
      "integrity",
      `the listing of its files leads back to a page that was already read`,
    );
  }

  /** The answer to a question about the model, parsed by `read`. */
  #ask<T>(
    url: string,
    read: (answer: unknown, response: Response, url: string) => T,
    remedy = "",
  ): Promise<T> {
    const timeoutMs = this.settings.timeouts.answerMs;
    return retrying(this.signal, async () => {
      const response = await this.#send(url, timeoutMs, { remedy });
      try {
        const limits = { signal: this.signal, timeoutMs, whole: true };
        return read(await readAnswer(response, url, limits), response, url);
      } catch (cause) {
        if (cause instanceof BrokenBodyError) {
          throw new PassingFailure((tries) => this.#unreachable(url, { remedy }, cause, tries));
        }
        if (!(cause instanceof UnexpectedAnswerError)) throw cause;
        const message = `${publicUrl(url)} does not answer as a Hugging Face hub does: ${cause.message}. Is ${this.#access.words.endpoint} the address of a hub?`;
        throw this.failure(cause.failure, message, { url, status: response.status, cause });
      }
    });
  }

  #send(url: string, timeoutMs: number, facts: RequestFacts): Promise<Response> {
    const { authorization, requestCache } = this.settings;
    const headers = {
      ...facts.headers,
      ...(authorization !== undefined && { Authorization: authorization }),
    };
    const init = { headers, ...(requestCache !== undefined && { cache: requestCache }) };
    return send(url, init, {
      fetch: this.#access.fetch,
      signal: this.signal,
      timeoutMs,
      ...(facts.answers && { answers: facts.answers }),
      refusal: (response, tries) => this.#refusal(response, url, facts, tries),
      unreachable: (cause, tries) => this.#unreachable(url, facts, cause, tries),
    });
  }

  #refusal(response: Response, url: string, facts: RequestFacts, tries: number): DownloadError {
    const { file, remedy = "" } = facts;
    const refused: Refused = { response, url, file, remedy, tries };
    const { failure, message } = refusalOf(refused, this.model, this.settings, this.#access);
    const { status } = response;
    return this.failure(failure, message, { url, status, ...(file !== undefined && { file }) });
  }

  #unreachable(
    url: string,
    { file, remedy = "" }: RequestFacts,
    cause: unknown,
    tries: number,
  ): DownloadError {
    const failed = cause instanceof RedirectedError ? cause.url : url;
    const { host } = new URL(failed);
    const role = host === new URL(url).host ? "" : `, ${roleOf(file)}`;
    const way = this.#access.routeHint(failed);
    return this.failure(
      "network",
      `cannot reach ${host}${role}: ${reasonOf(cause)}${triesNote(tries)}${way}${remedy}`,
      { url, cause, ...(file !== undefined && { file }) },
    );
  }
}
