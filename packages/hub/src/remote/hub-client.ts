import { DownloadError } from "../download-error.js";
import { type HubAccess, type HubSettings, isCommit } from "./hub-settings.js";
import { checkEntry, type Listing, maxListedFiles, type RemoteFile } from "./listing.js";
import { pause, type RequestSettings, reasonOf, request } from "./request.js";

interface RequestFacts {
  readonly file?: string;
  readonly headers?: Record<string, string>;
  /** What to do when the hub cannot be reached; ends the message. */
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

  /** The commit that the revision means now. `remedy` ends the message when the hub cannot be reached. */
  async resolveCommit(remedy: string): Promise<string> {
    const api = await this.#access.loadApi();
    const { sha } = await api.modelInfo({
      ...this.#library(remedy),
      name: this.model,
      revision: this.settings.revision,
      additionalFields: ["sha"],
    });
    if (typeof sha === "string" && isCommit(sha)) return sha;
    throw this.#failure(
      "network",
      `the hub answered without a commit for "${this.settings.revision}"`,
    );
  }

  /** Every file of a commit. */
  async listFiles(commit: string): Promise<Listing> {
    const api = await this.#access.loadApi();
    const listing = new Map<string, RemoteFile>();
    const repo = { type: "model", name: this.model } as const;
    for await (const entry of api.listFiles({
      ...this.#library(),
      repo,
      revision: commit,
      recursive: true,
    })) {
      const file = checkEntry(entry, this.model);
      if (file) listing.set(file.path, file);
      if (listing.size > maxListedFiles) {
        throw this.#failure("integrity", `the hub lists more than ${maxListedFiles} files`);
      }
    }
    return listing;
  }

  /** Where a file of a commit is fetched; "" is its folder. */
  fileUrl(commit: string, path: string): string {
    const inner = path.split("/").map(encodeURIComponent).join("/");
    return `${this.settings.endpoint}/${this.model}/resolve/${commit}/${inner}`;
  }

  /** The bytes of a file from byte `from` on. Status 200 instead of 206: all of them. */
  async fetchFile(commit: string, path: string, from: number): Promise<Response> {
    // The library's own download neither tells 200 from 206 nor passes failures of its stream on.
    const { token } = this.settings;
    return this.#fetch(this.fileUrl(commit, path), {
      file: path,
      headers: {
        // Ranges and sizes must count the bytes of the file itself.
        "Accept-Encoding": "identity",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(from > 0 && { Range: `bytes=${from}-` }),
      },
    });
  }

  #library(remedy = "") {
    const { endpoint, token } = this.settings;
    const { origin } = new URL(endpoint);
    const fetchApi: typeof fetch = async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      if (new URL(url).origin !== origin) {
        throw this.#failure("integrity", `the hub points to another server: ${url}`);
      }
      return this.#fetch(url, {
        remedy,
        headers: { ...(init?.headers as Record<string, string>) },
      });
    };
    return {
      hubUrl: endpoint,
      fetch: fetchApi,
      ...(token !== undefined && { accessToken: token }),
    };
  }

  #fetch(url: string, facts: RequestFacts): Promise<Response> {
    const init: RequestSettings = { headers: facts.headers ?? {}, signal: this.signal ?? null };
    const { requestCache } = this.settings;
    if (requestCache !== undefined) init.cache = requestCache;
    return request(url, init, {
      refusal: (response) => this.#refusal(response, url, facts),
      unreachable: (cause) => this.#unreachable(url, facts, cause),
    });
  }

  /** Rejects with the signal's reason when aborted meanwhile. */
  pause(delayMs: number): Promise<void> {
    return pause(delayMs, this.signal);
  }

  #refusal(
    { status, headers }: Response,
    url: string,
    { file, remedy = "" }: RequestFacts,
  ): DownloadError {
    const facts = { url, status, ...(file !== undefined && { file }) };
    const code = headers.get("X-Error-Code");
    if (code === "RevisionNotFound") {
      return this.#failure("not-found", `has no revision "${this.settings.revision}"`, facts);
    }
    if (code === "GatedRepo" || status === 403) {
      return this.#failure(
        "access",
        `access is restricted. Accept its terms at ${this.settings.endpoint}/${this.model} and set ${this.#access.words.token} to a token that may read it`,
        facts,
      );
    }
    if (status === 401 || (status === 404 && code !== "EntryNotFound" && file === undefined)) {
      // The hub answers 401 for a model that does not exist, so as not to tell which are private.
      return this.#failure(
        status === 401 ? "access" : "not-found",
        `there is no such model on ${this.settings.endpoint}, or it is private and ${this.#access.words.token} ${this.settings.token === undefined ? "is not set" : "may not read it"}${this.#access.words.alternative}`,
        facts,
      );
    }
    if (status === 404)
      return this.#failure("not-found", "the hub lists the file but has none", facts);
    return this.#failure("network", `the hub answered ${status} for ${url}${remedy}`, facts);
  }

  #unreachable(url: string, { file, remedy = "" }: RequestFacts, cause: unknown): DownloadError {
    const { host } = new URL(url);
    return this.#failure("network", `cannot reach ${host}: ${reasonOf(cause)}${remedy}`, {
      url,
      cause,
      ...(file !== undefined && { file }),
    });
  }

  #failure(
    failure: DownloadError["failure"],
    message: string,
    facts: { file?: string; url?: string; status?: number; cause?: unknown } = {},
  ): DownloadError {
    return new DownloadError(failure, message, { model: this.model, ...facts });
  }
}
