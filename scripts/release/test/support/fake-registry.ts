import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Publication {
  readonly name: string;
  readonly "dist-tags": Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, unknown>>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** An npm registry in memory: publishing a version, and reading the document of a package. */
export class FakeRegistry {
  readonly #documents = new Map<string, Publication>();
  readonly #tarballs = new Map<string, Buffer>();
  #url = "";
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  /** `name@version` of each request to publish that was accepted, in order. */
  readonly published: string[] = [];
  /** Publishing this package fails while it is set. */
  refused: string | undefined;

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    return this.#url;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Adds a version as if somebody else had published it. */
  add(name: string, version: string, bytes: Buffer = Buffer.alloc(0)): void {
    const path = `${name}/-/${version}.tgz`;
    this.#tarballs.set(path, bytes);
    const dist = { integrity: "sha512-other", tarball: `${this.#url}${path}` };
    const versions = { [version]: { dist } };
    this.#documents.set(name, { name, "dist-tags": {}, versions });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = decodeURIComponent((request.url ?? "").slice(1).split("?")[0] ?? "");
    const body = await bodyOf(request);
    if (request.method === "PUT") {
      const status = this.#publish(name, JSON.parse(body));
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(status === 201 ? { ok: true } : { error: "refused" }));
      return;
    }
    const tarball = this.#tarballs.get(name);
    if (tarball) {
      response.end(tarball);
      return;
    }
    const found = this.#documents.get(name);
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ?? { error: "not found" }));
  }

  #publish(name: string, publication: Publication): number {
    if (name === this.refused) return 403;
    const known = this.#documents.get(name);
    const [version = ""] = Object.keys(publication.versions);
    if (known && version in known.versions) return 409;
    const versions = { ...known?.versions, ...publication.versions };
    this.#documents.set(name, { name, "dist-tags": publication["dist-tags"], versions });
    this.published.push(`${name}@${version}`);
    return 201;
  }
}
