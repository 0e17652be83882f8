import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Fault, type RepoFiles, sendBody } from "../hub-server.js";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

const startPage = "<!doctype html><title>app</title><div id=root></div>";
const lastModified = "Fri, 20 Nov 2026 10:00:00 GMT";

/** Serves a model below /models/tiny/ as a static file server does, and counts the requests. */
export class DirectoryServer {
  origin = "";
  readonly seen: Seen[] = [];
  readonly faults: Map<string, Fault> = new Map();
  /** Called for every request. */
  watch: (request: IncomingMessage) => void = () => undefined;
  /** Number of answers that are being sent. */
  active = 0;
  files: RepoFiles;
  /** Headers of every answer. */
  headers: Record<string, string> = {};
  /** The validators that the server sends for a file. */
  validators: "etag" | "last-modified" | "none" = "etag";
  /** Files that are redirected: the address by path. */
  readonly redirects: Map<string, string> = new Map();
  /**
   * When to send the start page for missing files: never, only to clients that accept HTML, or
   * always.
   */
  fallback: "never" | "html" | "always" = "never";
  /** The status for missing files. */
  absentStatus = 404;
  /** Whether to send Content-Length. False: chunked transfer. */
  lengths = true;
  /** Scripts and pages next to the model, by path from the root. */
  readonly pages: Map<string, { type: string; body: string }> = new Map();
  readonly #server: Server;

  private constructor(files: RepoFiles) {
    this.files = files;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(files: RepoFiles): Promise<DirectoryServer> {
    const server = new DirectoryServer(files);
    await new Promise<void>((done) => server.#server.listen(0, "127.0.0.1", done));
    server.origin = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  get url(): string {
    return `${this.origin}/models/tiny/`;
  }

  /** Requests whose answer had the file in its body. */
  downloads(path: string): number {
    return this.seen.filter(
      (seen) => seen.path === path && seen.method === "GET" && seen.status === 200,
    ).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? "", this.origin);
    const path = decodeURIComponent(pathname.replace("/models/tiny/", ""));
    this.watch(request);
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
    this.active += 1;
    response.once("close", () => {
      this.active -= 1;
    });
    const page = this.pages.get(pathname);
    if (page) {
      response.setHeader("Content-Type", page.type);
      response.end(page.body);
      return;
    }
    const status = this.#send(request, response, path);
    this.seen.push({ method: request.method ?? "", path, status });
  }

  #send(request: IncomingMessage, response: ServerResponse, path: string): number {
    const fault = this.faults.get(path) ?? {};
    const file = this.files[path];
    if (fault.status && fault.status.times-- > 0) return end(response, fault.status.code);
    const elsewhere = this.redirects.get(path);
    if (elsewhere !== undefined) {
      response.setHeader("Location", elsewhere);
      return end(response, 302);
    }
    if (fault.hang) return 0;
    if (!file) return this.#absent(request, response);
    const etag = `"${createHash("md5").update(file).digest("hex")}"`;
    if (this.validators === "etag") response.setHeader("ETag", etag);
    if (this.validators === "last-modified") response.setHeader("Last-Modified", lastModified);
    const { "if-none-match": match, "if-modified-since": since } = request.headers;
    const unchanged = this.validators === "etag" ? match === etag : since === lastModified;
    if (unchanged && this.validators !== "none") return end(response, 304);
    const body = fault.instead && fault.instead.times-- > 0 ? fault.instead.body : file;
    if (this.lengths) response.setHeader("Content-Length", body.byteLength);
    response.writeHead(200, { "Content-Type": "application/octet-stream" });
    if (request.method === "HEAD") response.end();
    else sendBody(response, body, fault).catch((error: Error) => response.destroy(error));
    return 200;
  }

  #absent(request: IncomingMessage, response: ServerResponse): number {
    const takesHtml = /text\/html|\*\/\*/.test(request.headers.accept ?? "*/*");
    if (this.fallback === "never" || (this.fallback === "html" && !takesHtml)) {
      return end(response, this.absentStatus);
    }
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end(request.method === "HEAD" ? undefined : startPage);
    return 200;
  }
}

function end(response: ServerResponse, status: number): number {
  response.writeHead(status);
  response.end();
  return status;
}
