import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openModel } from "../src/index.js";
import { followRedirects } from "../src/node/remote/follow-redirects.js";
import { clock } from "../src/remote/clock.js";
import { ConnectProxy } from "./connect-proxy.js";
import { refuse } from "./hub-server.js";
import { cacheDir, hub, name, weights } from "./remote-hub.js";

/** Failures that may pass are retried without waits. */
const openFailing = async (): Promise<unknown> => {
  vi.spyOn(clock, "pause").mockResolvedValue();
  return openModel(name, { cacheDir }).catch((cause: unknown) => cause);
};

function redirect(location: string, of = weights): void {
  hub.misbehave = (duty, { path }, response) => {
    if (duty !== "file" || !path.endsWith(of)) return false;
    response.writeHead(302, { Location: location }).end();
    return true;
  };
}

function atStorage(answer: (response: ServerResponse) => void): void {
  hub.misbehave = (duty, _request, response) => {
    if (duty !== "storage") return false;
    answer(response);
    return true;
  };
}

afterEach(() => vi.restoreAllMocks());

describe("a storage that fails is named in place of the hub", () => {
  test.each<[string, RegExp]>([
    [
      "http://us:secret@127.0.0.1:9/x?sig=secret",
      /cannot reach 127\.0\.0\.1:9, where the hub keeps the file: bad port/,
    ],
    ["ftp://127.0.0.1/?sig=secret", /it redirects to an address that is not an http or https URL/],
    ["http://[?sig=secret", /it redirects to an address that is not an http or https URL/],
  ])("%s", async (location, message) => {
    redirect(location);
    const error = await openFailing();
    expect(error).toMatchObject({ failure: "network", message: expect.stringMatching(message) });
    expect(`${(error as Error).stack}`).not.toContain("secret");
  });

  test("it does not accept connections", async () => {
    const proxy = await ConnectProxy.start();
    const { host } = proxy;
    await proxy.stop();
    redirect(`http://${host}/x?sig=secret`);
    expect(String(await openFailing())).toMatch(
      new RegExp(`cannot reach ${host}, where the hub keeps the file: ECONNREFUSED \\(4 tries\\)$`),
    );
  });

  test("through a proxy that does not know it", async () => {
    const proxy = await ConnectProxy.start();
    proxy.ports.set("hub.test:80", Number(new URL(hub.url).port));
    vi.stubEnv("HF_ENDPOINT", "http://hub.test");
    vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
    redirect("http://cdn.test/x?sig=secret");
    expect(String(await openFailing())).toMatch(
      /cdn\.test, where the hub keeps the file, answered 502 for http:\/\/cdn\.test\/x\?… \(4 tries\) \(HTTP_PROXY names/,
    );
    await proxy.stop();
  });

  test.each<[number, string, RegExp]>([
    [401, "network", /^(?!.*HF_TOKEN).*answered 401$/],
    [403, "network", /^(?!.*terms).*answered 403 \(the link may have expired\)$/],
    [404, "not-found", /answered 404$/],
    [503, "network", /answered 503 for http:\/\/127\.0\.0\.1:\d+\/[^?]* \(4 tries\)$/],
  ])("it answers %d", async (status, failure, message) => {
    atStorage((response) => response.writeHead(status).end());
    const error = await openFailing();
    const { port } = new URL(hub.url);
    expect(error).toMatchObject({ failure, status, message: expect.stringMatching(message) });
    expect(String(error)).toMatch(/127\.0\.0\.1:\d+, where the hub keeps the file, answered/);
    expect(String(error)).not.toContain(`127.0.0.1:${port}`);
  });

  test("a hub that sends its codes from another host is still the hub", async () => {
    atStorage((response) => refuse(response, 403, "GatedRepo"));
    expect(await openFailing()).toMatchObject({
      failure: "access",
      message: expect.stringMatching(/Accept its terms/),
    });
  });

  test("redirects without end", async () => {
    redirect("?again");
    expect(String(await openFailing())).toContain("redirect count exceeded");
    // The first request and twenty redirects. Another attempt would end in the same way.
    expect(hub.requests.filter(({ path }) => path.includes(weights)).length).toBe(21);
  });
});

test("the token is sent to its origin only, also when a redirect leads back there", async () => {
  const hops = ["http://hub.test/2", "/3", "http://us:pw@cdn.test/4", "http://hub.test/5"];
  const sent: (string | null)[][] = [];
  const follow = followRedirects(async (url, { headers, redirect: mode }) => {
    expect(mode).toBe("manual");
    sent.push([url, new Headers(headers).get("Authorization"), new Headers(headers).get("Range")]);
    const location = hops.shift();
    return location === undefined
      ? new Response("there")
      : new Response(null, { status: 302, headers: { Location: location } });
  });
  const headers = { Authorization: "Bearer x", Range: "bytes=1-" };
  expect(await (await follow("http://hub.test/1", { headers })).text()).toBe("there");
  expect(sent).toEqual([
    ["http://hub.test/1", "Bearer x", "bytes=1-"],
    ["http://hub.test/2", "Bearer x", "bytes=1-"],
    ["http://hub.test/3", "Bearer x", "bytes=1-"],
    ["http://cdn.test/4", null, "bytes=1-"],
    ["http://hub.test/5", null, "bytes=1-"],
  ]);
});
