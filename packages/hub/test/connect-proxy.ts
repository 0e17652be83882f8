import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** A forward proxy on 127.0.0.1 that requires a user and a password, and resolves names itself. */
export class ConnectProxy {
  /** The requests that it accepted: "CONNECT hub.test:443", "GET http://hub.test/…". */
  readonly requests: string[] = [];
  /** Ports on 127.0.0.1 by "name:port"; other names do not exist. */
  readonly ports: Map<string, number> = new Map();
  /** "user:password" */
  credentials = "";
  readonly #server = createServer((message, response) => this.#forward(message, response));
  readonly #sockets: Set<Duplex> = new Set();

  static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy();
    proxy.#server.on("connect", (message, socket) => proxy.#tunnel(message, socket));
    await new Promise<void>((done) => proxy.#server.listen(0, "127.0.0.1", done));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections of clients. */
  connections(): Promise<number> {
    return new Promise((done) => this.#server.getConnections((_, count) => done(count)));
  }

  /** Open tunnels. */
  get tunnels(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #refusal(message: IncomingMessage, host: string): number | undefined {
    const expected = `Basic ${Buffer.from(this.credentials).toString("base64")}`;
    if (this.credentials !== "" && message.headers["proxy-authorization"] !== expected) return 407;
    if (!this.ports.has(host)) return 502;
    this.requests.push(`${message.method} ${message.url}`);
    return undefined;
  }

  #tunnel(message: IncomingMessage, socket: Duplex): void {
    const host = message.url ?? "";
    const status = this.#refusal(message, host);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(this.ports.get(host) ?? 0, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    this.#sockets.add(socket);
    const end = () => {
      this.#sockets.delete(socket);
      socket.destroy();
      upstream.destroy();
    };
    for (const side of [socket, upstream]) side.on("error", end).on("close", end);
  }

  #forward(message: IncomingMessage, response: ServerResponse): void {
    const { host, port, pathname, search } = new URL(message.url ?? "");
    const name = port === "" ? `${host}:80` : host;
    const status = this.#refusal(message, name);
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const { "proxy-authorization": _, ...headers } = message.headers;
    const path = pathname + search;
    const upstream = request({ host: "127.0.0.1", port: this.ports.get(name), path, headers });
    upstream.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    upstream.end();
  }
}
