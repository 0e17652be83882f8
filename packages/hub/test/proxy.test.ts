import { ProxyAgent } from "undici";
import { describe, expect, test, vi } from "vitest";
import { openModel } from "../src/index.js";
import { openAccess } from "../src/node/remote/node-access.js";
import { readProxies } from "../src/node/remote/proxies.js";
import { clock } from "../src/remote/clock.js";
import { ConnectProxy } from "./connect-proxy.js";
import { cacheDir, expectWorking, hub, name } from "./remote-hub.js";

let proxy: ConnectProxy;

/** The hub, under a name that only the proxy can resolve. */
async function startProxy(credentials = "user:p@ss%word"): Promise<void> {
  proxy = await ConnectProxy.start();
  proxy.credentials = credentials;
  proxy.ports.set("hub.test:80", Number(new URL(hub.url).port));
  vi.stubEnv("HF_ENDPOINT", "http://hub.test");
  vi.spyOn(clock, "pause").mockResolvedValue();
}

const address = () => `http://user:p%40ss%25word@${proxy.host}`;

describe("a proxy of the environment", () => {
  test.each(["HTTP_PROXY", "http_proxy"])("%s, with user and password", async (variable) => {
    await startProxy();
    vi.stubEnv(variable, ` ${address()} `);
    await expectWorking(await openModel(name, { cacheDir }));
    expect(proxy.requests.length).toBe(hub.requests.length);
    expect(proxy.requests[0]).toBe(`GET http://hub.test/api/models/${name}/revision/main`);
    // Idle connections would stay for three seconds.
    await expect.poll(() => proxy.connections(), { timeout: 1500 }).toBe(0);
    await proxy.stop();
  });

  test("lower case takes precedence, blanks count as not set, and a scheme is optional", () => {
    const env = { HTTPS_PROXY: "http://a:1", https_proxy: "b:2", HTTP_PROXY: "  ", NO_PROXY: "" };
    expect(readProxies(env)).toEqual({
      http: undefined,
      https: { url: "http://b:2/", host: "b:2", saidBy: "https_proxy" },
      exceptions: ["localhost", "127.0.0.1", "[::1]"],
    });
    expect(readProxies({ NO_PROXY: "x", HTTP_PROXY: " " })).toBeUndefined();
  });

  test.each([
    ["http://127.0.0.1:59998/path", "http://127.0.0.1:59998/"],
    ["http://127.0.0.1:59998/?q", "http://127.0.0.1:59998/"],
    ["https://a/#f", "https://a/"],
    ["http://us%er:pa%x@h:1", "http://us%25er:pa%25x@h:1/"],
    ["http://j%C3%BCrg:p%40ss%25word@h:1/x", "http://j%C3%BCrg:p%40ss%25word@h:1/"],
  ])("%s is passed to undici in a form that it accepts", async (value, url) => {
    expect(readProxies({ HTTP_PROXY: value })?.http?.url).toBe(url);
    await new ProxyAgent(url).destroy();
  });

  test("a lone percent sign in the password stands for itself", async () => {
    await startProxy("us%er:pa%x");
    vi.stubEnv("HTTP_PROXY", `http://us%er:pa%x@${proxy.host}/path?query#fragment`);
    await expectWorking(await openModel(name, { cacheDir }));
    expect(proxy.requests.length).toBe(hub.requests.length);
    await proxy.stop();
  });

  test("a proxy that cannot be set up makes the request fail, and not the closing", async () => {
    const http = { url: "no URL", host: "h:1", saidBy: "HTTP_PROXY" };
    const access = openAccess({ http, https: http, exceptions: [] });
    await expect(access.fetch("http://hub.test/", {})).rejects.toThrow();
    await expect(access.close()).resolves.toBeUndefined();
  });

  test.each(["*", "example.com, *", "example.com, .test", "example.com *.TEST", "hub.test:80"])(
    "NO_PROXY=%s bypasses the proxy",
    async (exceptions) => {
      await startProxy();
      vi.stubEnv("HTTP_PROXY", address());
      vi.stubEnv("NO_PROXY", exceptions);
      // The name does not exist outside of the proxy.
      await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
        failure: "network",
        message: expect.stringMatching(
          /^(?!.*HTTP_PROXY).*cannot reach hub\.test: E(NOTFOUND|AI_AGAIN)/,
        ),
      });
      expect(proxy.requests).toEqual([]);
      await proxy.stop();
    },
  );

  test.each(["hub.test:81", "ub.test", "example.com,,", ","])(
    "NO_PROXY=%s does not bypass the proxy",
    async (exceptions) => {
      await startProxy("user:p@ss%word-that-is-new");
      vi.stubEnv("HTTP_PROXY", address());
      vi.stubEnv("NO_PROXY", exceptions);
      await expect(openModel(name, { cacheDir })).rejects.toThrow(/HTTP_PROXY names the proxy/);
      await proxy.stop();
    },
  );

  test("this machine is reached without the proxy", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:9");
    await expectWorking(await openModel(name, { cacheDir }));
  });
});

describe("a proxy that fails is named, without its password", () => {
  const failing = async (message: RegExp) => {
    const opening = openModel(name, { cacheDir });
    await expect(opening).rejects.toMatchObject({
      failure: "network",
      message: expect.stringMatching(message),
    });
    const error: unknown = await opening.catch((cause: unknown) => cause);
    for (let at = error; at instanceof Error; at = at.cause) {
      expect(`${at.stack} ${JSON.stringify(at)}`).not.toMatch(/p%40ss|p@ss|wrong-one/);
    }
  };

  test("the password is wrong", async () => {
    await startProxy();
    vi.stubEnv("HTTP_PROXY", `http://user:wrong-one@${proxy.host}`);
    await failing(
      /cannot reach hub\.test: the proxy answered 407.*\(HTTP_PROXY names the proxy 127\.0\.0\.1:\d+\)/,
    );
    vi.stubEnv("HF_ENDPOINT", "https://hub.test");
    vi.stubEnv("HTTPS_PROXY", `http://user:wrong-one@${proxy.host}`);
    await failing(
      /cannot reach hub\.test: the proxy answered 407.*\(HTTPS_PROXY names the proxy 127\.0\.0\.1:\d+\)/,
    );
    await proxy.stop();
  });

  test("it does not know the host", async () => {
    await startProxy();
    proxy.ports.clear();
    vi.stubEnv("HTTP_PROXY", address());
    await failing(/answered 502 .*\(4 tries\)/);
    await proxy.stop();
  });

  test("it cannot be reached", async () => {
    await startProxy();
    vi.stubEnv("HTTP_PROXY", address());
    await proxy.stop();
    await failing(
      /cannot reach hub\.test: ECONNREFUSED.*\(HTTP_PROXY names the proxy 127\.0\.0\.1:\d+\)/,
    );
  });

  test.each([
    "socks5://user:p@ss@127.0.0.1:1080",
    "http://user:1/p@ss@127.0.0.1:1080",
    "http://user:1#p@ss@127.0.0.1:1080",
    "ftp://127.0.0.1/?key=p@ss",
    "ftp://127.0.0.1/?key=p%40ss",
  ])("%s is refused", async (value) => {
    vi.stubEnv("HTTPS_PROXY", value);
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
      code: "INPUT",
      message: expect.stringMatching(/^(?!.*p(@|%40)ss)HTTPS_PROXY must be /),
    });
  });
});
