import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConnectProxy } from "./connect-proxy.js";
import { HubServer } from "./hub-server.js";
import { openingProcesses } from "./run-opening.js";
import { tempDir } from "./temp-dir.js";
import { tinyModel } from "./tiny-model.js";

/** A self-signed certificate for hub.test, valid until 2126, and its key. */
const fixture = (file: string) => fileURLToPath(new URL(`./fixtures/${file}`, import.meta.url));
const certificate = fixture("hub.test.cert.pem");

let hub: HubServer;
let proxy: ConnectProxy;
let server: Server;
let env: Record<string, string>;
const processes = openingProcesses(() => env);

beforeEach(async () => {
  hub = await HubServer.start();
  hub.push("owner/tiny", tinyModel());
  hub.tokens.set("owner/tiny", "hf_secret");
  const key = await readFile(fixture("hub.test.key.pem"));
  server = createServer({ key, cert: await readFile(certificate) }, (socket) => hub.accept(socket));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  proxy = await ConnectProxy.start();
  proxy.credentials = "user:password";
  proxy.ports.set("hub.test:443", (server.address() as AddressInfo).port);
  env = {
    HF_ENDPOINT: "https://hub.test",
    HF_TOKEN: "hf_secret",
    HTTPS_PROXY: `http://user:password@${proxy.host}`,
    HTTP_PROXY: "",
    NO_PROXY: "",
    NODE_EXTRA_CA_CERTS: certificate,
  };
});

afterEach(async () => {
  await proxy.stop();
  await hub.stop();
  await new Promise((done) => server.close(done));
});

test("opens a model over TLS through a proxy in a process that ends by itself", async () => {
  const opened = await processes.open("owner/tiny", await tempDir());
  expect(opened.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(proxy.requests)).toEqual(new Set(["CONNECT hub.test:443"]));
  expect(hub.requests.every(({ authorization }) => authorization === "Bearer hf_secret")).toBe(
    true,
  );
  expect(hub.storageRequests.every(({ authorization }) => authorization === undefined)).toBe(true);
  await expect.poll(() => proxy.tunnels).toBe(0);
});

test("an untrusted certificate is an error that says how to trust it", async () => {
  env.NODE_EXTRA_CA_CERTS = "";
  const { message, code } = await processes.open("owner/tiny", await tempDir());
  expect(code).toBe("DOWNLOAD");
  expect(message).toMatch(
    /cannot reach hub\.test: (DEPTH_ZERO_)?SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/,
  );
  expect(hub.requests).toEqual([]);
});
