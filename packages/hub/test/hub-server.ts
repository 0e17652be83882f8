import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export type RepoFiles = Readonly<Record<string, Uint8Array>>;

/** The faults that the server applies to one file; each field is cleared as it is used up. */
export interface Fault {
  /** Cut the connection after this many body bytes, for the next `times` requests. */
  cutAfter?: { bytes: number; times: number };
  /** Send these bytes instead, while the listing describes the original. */
  instead?: { body: Uint8Array; times: number };
  /** Answer with this status, for the next `times` requests. */
  status?: { code: number; times: number };
  /** Never answer. */
  hang?: boolean;
  /** Ignore Range headers. */
  noRanges?: boolean;
  /** Send in chunks of this many bytes, each after a pause. */
  slow?: { stepBytes: number; pauseMs: number };
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** The kind of request that a server is about to answer. */
export type Duty = "revision" | "listing" | "file" | "storage";

/** Answers instead of the server, and returns whether it did. */
export type Misbehave = (duty: Duty, request: Request, response: ServerResponse) => boolean;

interface Place {
  readonly model: string;
  readonly commit: string;
  readonly path: string;
}

const sha256 = (body: Uint8Array) => createHash("sha256").update(body).digest("hex");
const gitSha1 = (body: Uint8Array) =>
  createHash("sha1").update(`blob ${body.byteLength}\0`).update(body).digest("hex");

/**
 * Files of at least this size, and all .safetensors, are kept "in LFS": they are served through a
 * redirect.
 */
const lfsBytes = 16 << 10;
export const isLfs = (path: string, body: Uint8Array): boolean =>
  path.endsWith(".safetensors") || body.byteLength >= lfsBytes;

/**
 * Implements the part of the Hugging Face hub's protocol that a download needs, on 127.0.0.1. Large
 * files are redirected to a second server, which is another origin, as the real hub redirects to
 * its content network.
 */
export class HubServer {
  readonly requests: Request[] = [];
  readonly storageRequests: Request[] = [];
  readonly faults: Map<string, Fault> = new Map();
  /** Additional or changed entries of tree listings. */
  editListing: (entries: object[]) => object[] = (entries) => entries;
  /** The address of a listing's next page. */
  nextPage: (url: string) => string = (url) => url;
  /** The token that each model requires, by name. */
  readonly tokens: Map<string, string> = new Map();
  listingPageSize = 1000;
  /** Called for every request before it is answered. */
  misbehave: Misbehave = () => false;
  readonly #commits = new Map<string, RepoFiles>();
  readonly #branches = new Map<string, string>();
  readonly #hub: Server;
  readonly #storage: Server;

  private constructor() {
    this.#hub = createServer((request, response) => this.#answer(request, response));
    this.#storage = createServer((request, response) => this.#store(request, response));
  }

  static async start(): Promise<HubServer> {
    const server = new HubServer();
    await Promise.all([listen(server.#hub), listen(server.#storage)]);
    return server;
  }

  get url(): string {
    return originOf(this.#hub);
  }

  /** Accepts a connection that was made in another way, by TLS. */
  accept(socket: Duplex): void {
    this.#hub.emit("connection", socket);
  }

  async stop(): Promise<void> {
    await Promise.all([close(this.#hub), close(this.#storage)]);
  }

  /** Points a branch to a new commit with these files, and returns its hash. */
  push(model: string, files: RepoFiles, branch = "main"): string {
    const commit = createHash("sha1").update(`${model} ${this.#commits.size}`).digest("hex");
    this.#commits.set(`${model}@${commit}`, files);
    this.#branches.set(`${model}@${branch}`, commit);
    return commit;
  }

  /** The number of requests for the bytes of a file, on either server. */
  downloads(path: string): number {
    const served = [...this.storageRequests, ...this.requests];
    return served.filter(
      (request) =>
        !this.#redirected.has(request) && /\/[0-9a-f]{40}\/(.+)$/.exec(request.path)?.[1] === path,
    ).length;
  }

  readonly #redirected: Set<Request> = new Set();

  #answer(message: IncomingMessage, response: ServerResponse): void {
    const request = note(message, response, this.requests);
    const path = request.path;
    const revision = /^\/api\/models\/(.+)\/revision\/([^/]+)$/.exec(path);
    const tree = /^\/api\/models\/(.+)\/tree\/([0-9a-f]{40})$/.exec(path);
    const resolved = /^\/([^/]+(?:\/[^/]+)?)\/resolve\/([0-9a-f]{40})\/(.+)$/.exec(path);
    const model = (revision ?? tree ?? resolved)?.[1] ?? "";
    const commit = revision
      ? decodeURIComponent(revision[2] ?? "")
      : ((tree ?? resolved)?.[2] ?? "");
    const duty = revision ? "revision" : tree ? "listing" : "file";
    if (this.misbehave(duty, request, response)) return;
    if (!this.#mayRead(model, request)) refuse(response, 401, "GatedRepo");
    else if (revision) this.#revision(response, model, commit);
    else if (tree) this.#tree(message, response, model, commit);
    else if (resolved) this.#resolve(request, response, { model, commit, path: resolved[3] ?? "" });
    else refuse(response, 404);
  }

  #mayRead(model: string, { authorization, path }: Request): boolean {
    const token = this.tokens.get(model);
    // As on the hub, the metadata of a gated model is public, its files are not.
    return token === undefined || path.startsWith("/api/") || authorization === `Bearer ${token}`;
  }

  #revision(response: ServerResponse, model: string, revision: string): void {
    const known = [...this.#branches.keys()].some((key) => key.startsWith(`${model}@`));
    const sha = this.#commits.has(`${model}@${revision}`)
      ? revision
      : this.#branches.get(`${model}@${revision}`);
    if (!known) refuse(response, 404, "RepoNotFound");
    else if (sha === undefined) refuse(response, 404, "RevisionNotFound");
    else
      json(response, { _id: "0", id: model, private: false, gated: false, sha, lastModified: 0 });
  }

  #tree(message: IncomingMessage, response: ServerResponse, model: string, commit: string): void {
    const entries = this.editListing(
      Object.entries(this.#commits.get(`${model}@${commit}`) ?? {}).map(([path, body]) => ({
        type: "file",
        path,
        size: body.byteLength,
        oid: gitSha1(body),
        ...(isLfs(path, body) && {
          lfs: { oid: sha256(body), size: body.byteLength, pointerSize: 134 },
        }),
      })),
    );
    const query = new URL(message.url ?? "", this.url);
    const from = Number(query.searchParams.get("cursor") ?? 0);
    if (from + this.listingPageSize < entries.length) {
      query.searchParams.set("cursor", String(from + this.listingPageSize));
      response.setHeader("Link", `<${this.nextPage(query.href)}>; rel="next"`);
    }
    json(response, entries.slice(from, from + this.listingPageSize));
  }

  #resolve(request: Request, response: ServerResponse, place: Place): void {
    const body = this.#bodyOf(place);
    response.setHeader("X-Repo-Commit", place.commit);
    if (!body) {
      refuse(response, 404, "EntryNotFound");
    } else if (isLfs(place.path, body)) {
      this.#redirected.add(request);
      response.setHeader("X-Linked-Etag", `"${sha256(body)}"`);
      response.setHeader("X-Linked-Size", String(body.byteLength));
      const { model, commit, path } = place;
      response.writeHead(302, {
        Location: `${originOf(this.#storage)}/${model}/${commit}/${path}`,
      });
      response.end();
    } else {
      response.setHeader("ETag", `"${gitSha1(body)}"`);
      this.#send(request, response, place.path, body);
    }
  }

  #store(message: IncomingMessage, response: ServerResponse): void {
    const request = note(message, response, this.storageRequests);
    if (this.misbehave("storage", request, response)) return;
    const [, model = "", commit = "", path = ""] =
      /^\/(.+)\/([0-9a-f]{40})\/(.+)$/.exec(request.path) ?? [];
    const body = this.#bodyOf({ model, commit, path });
    if (body) this.#send(request, response, path, body);
    else refuse(response, 404);
  }

  #bodyOf({ model, commit, path }: Place): Uint8Array | undefined {
    return this.#commits.get(`${model}@${commit}`)?.[decodeURIComponent(path)];
  }

  #send(request: Request, response: ServerResponse, path: string, whole: Uint8Array): void {
    const fault = this.faults.get(path) ?? {};
    if (fault.status && fault.status.times-- > 0) {
      refuse(response, fault.status.code);
      return;
    }
    const full = fault.instead && fault.instead.times-- > 0 ? fault.instead.body : whole;
    const start = fault.noRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(request.range ?? "")?.[1] ?? 0);
    const body = full.subarray(start);
    response.setHeader("Content-Length", body.byteLength);
    if (start > 0) {
      response.setHeader(
        "Content-Range",
        `bytes ${start}-${full.byteLength - 1}/${full.byteLength}`,
      );
    }
    response.writeHead(start > 0 ? 206 : 200);
    sendBody(response, body, fault).catch((error: unknown) => response.destroy(error as Error));
  }
}

/** Sends a body with the fault applied. */
export async function sendBody(
  response: ServerResponse,
  body: Uint8Array,
  fault: Fault,
): Promise<void> {
  if (fault.cutAfter && fault.cutAfter.times-- > 0) {
    response.write(body.subarray(0, fault.cutAfter.bytes));
    // Gives the data time to arrive: a broken connection loses its buffers.
    await sleep(50);
    response.destroy();
    return;
  }
  const { stepBytes, pauseMs } = fault.slow ?? { stepBytes: body.byteLength || 1, pauseMs: 0 };
  for (let at = 0; at < body.byteLength && !response.destroyed; at += stepBytes) {
    response.write(body.subarray(at, at + stepBytes));
    if (pauseMs > 0) await sleep(pauseMs);
  }
  response.end();
}

function note(message: IncomingMessage, response: ServerResponse, requests: Request[]): Request {
  // As on the real hub, for pages of other origins.
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Expose-Headers", "X-Error-Code, ETag, Link, Content-Range");
  const request: Request = {
    method: message.method ?? "",
    path: new URL(message.url ?? "", "http://127.0.0.1").pathname,
    range: message.headers.range,
    authorization: message.headers.authorization,
  };
  requests.push(request);
  return request;
}

export function refuse(response: ServerResponse, status: number, errorCode?: string): void {
  if (errorCode !== undefined) response.setHeader("X-Error-Code", errorCode);
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ error: errorCode ?? "error" }));
}

export function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function listen(server: Server): Promise<void> {
  return new Promise((done) => server.listen(0, "127.0.0.1", done));
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
