import { describe, expect, test, vi } from "vitest";
import { openModel } from "../src/index.js";
import { clock } from "../src/remote/clock.js";
import { readAccess } from "../src/remote/hub-settings.js";
import { publicUrl } from "../src/remote/public-url.js";
import { cacheDir, expectWorking, hub, name } from "./remote-hub.js";

const saidBy = { endpoint: "HF_ENDPOINT", token: "HF_TOKEN" };
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString("base64")}`;
const mirror = "https://mirror.example/api/hf";

describe("endpoint and token", () => {
  test.each<[string, string, string, string | undefined]>([
    ["", "", "https://huggingface.co", undefined],
    [" ", "\t", "https://huggingface.co", undefined],
    ["", " hf_Abc-1\n", "https://huggingface.co", "Bearer hf_Abc-1"],
    [` ${mirror}// `, "eyJhbGciOi.abc+/=", mirror, "Bearer eyJhbGciOi.abc+/="],
    ["https://user:p%40s:s@mirror.example", "", "https://mirror.example", basic("user:p@s:s")],
    ["https://us%zzer:@mirror.example", "x", "https://mirror.example", basic("us%zzer:")],
    ["https://j%C3%BCrg:%E2%82%AC@mirror.example/", "", "https://mirror.example", basic("jürg:€")],
    ["http://mirror.example/?#", "", "http://mirror.example", undefined],
    ["HTTP://Mirror.Example:80/", "", "http://mirror.example", undefined],
  ])("%j, %j", (endpoint, token, expectedEndpoint, authorization) => {
    expect(readAccess({ endpoint, token }, saidBy)).toEqual({
      endpoint: expectedEndpoint,
      authorization,
    });
  });

  test.each<[string, string, RegExp]>([
    ["", "secret", /^HF_TOKEN must .*"hf_"/],
    ["https://huggingface.co", "hf_secret+", /^HF_TOKEN must /],
    [mirror, "a secret", /^HF_TOKEN must /],
    [mirror, "secret\u00e9", /^HF_TOKEN must /],
    [mirror, "secret\r\nX: y", /^HF_TOKEN must /],
    ["ftp://user:secret@mirror.example", "", /^HF_ENDPOINT must /],
    ["user:secret@mirror.example", "", /^HF_ENDPOINT must /],
    ["https://user:secret@[", "", /^HF_ENDPOINT must /],
    ["https://mirror.example/?key=secret@x", "", /^HF_ENDPOINT must /],
    ["http://mirror.example/?token=secret", "", /^HF_ENDPOINT must .*got "http:\/\/mirror/],
    ["http://mirror.example/#secret", "", /^HF_ENDPOINT must /],
    ["mirror.example", "", /^HF_ENDPOINT must .*got "mirror\.example"/],
  ])("%j, %j is refused, and no message contains it", (endpoint, token, message) => {
    let error: unknown;
    try {
      readAccess({ endpoint, token }, saidBy);
    } catch (cause) {
      error = cause;
    }
    expect(error).toMatchObject({ code: "INPUT", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("secret");
  });

  test("URLs in messages contain neither password nor query", () => {
    expect(publicUrl("https://user:secret@x.example:8/a%20b?sig=secret#secret")).toBe(
      "https://x.example:8/a%20b?…",
    );
    expect(publicUrl("https://user:secret@[")).not.toContain("secret");
  });
});

describe("a hub that asks for a user and a password", () => {
  const withPassword = () => hub.url.replace("//", "//user:p%40ss@");

  test("opens, and no other server gets them", async () => {
    vi.stubEnv("HF_ENDPOINT", ` ${withPassword()}/ `);
    vi.stubEnv("HF_TOKEN", "other");
    hub.listingPageSize = 3;
    await expectWorking(await openModel(name, { cacheDir }));
    expect(new Set(hub.requests.map(({ authorization }) => authorization))).toEqual(
      new Set([basic("user:p@ss")]),
    );
    expect(new Set(hub.storageRequests.map(({ authorization }) => authorization))).toEqual(
      new Set([undefined]),
    );
  });

  test.each([401, 403, 404, 418, 503])(
    "and answers %d: no message contains the password",
    async (code) => {
      vi.stubEnv("HF_ENDPOINT", withPassword());
      vi.spyOn(clock, "pause").mockResolvedValue();
      hub.misbehave = (_duty, _request, response) => {
        response.writeHead(code).end();
        return true;
      };
      const error: unknown = await openModel(name, { cacheDir }).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: "DOWNLOAD", status: code });
      for (let at: unknown = error; at instanceof Error; at = at.cause) {
        expect(`${at.stack} ${JSON.stringify(at)}`).not.toMatch(/p%40ss|p@ss/);
      }
      if (code === 401) expect(String(error)).toContain("the user and password in HF_ENDPOINT");
    },
  );
});

describe("a next page with a user and a password in its address", () => {
  const withPassword = (url: string) => url.replace("//", "//us:secret@");

  test("is read without them", async () => {
    hub.listingPageSize = 3;
    hub.nextPage = withPassword;
    await expectWorking(await openModel(name, { cacheDir }));
    expect(hub.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  test("that fails is named without them and without its query", async () => {
    vi.spyOn(clock, "pause").mockResolvedValue();
    hub.listingPageSize = 3;
    hub.nextPage = (url) => `${withPassword(url)}&key=secret`;
    let listings = 0;
    hub.misbehave = (duty, _request, response) => {
      if (duty !== "listing" || listings++ === 0) return false;
      response.writeHead(500).end();
      return true;
    };
    const error: unknown = await openModel(name, { cacheDir }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ message: expect.stringMatching(/answered 500 for .*\?…/) });
    expect(`${(error as Error).stack}`).not.toContain("secret");
  });
});

test("a mirror with its own tokens, which a redirect does not pass on", async () => {
  hub.tokens.set(name, "eyJhbGciOi.abc");
  vi.stubEnv("HF_TOKEN", "eyJhbGciOi.abc");
  await expectWorking(await openModel(name, { cacheDir }));
  expect(hub.storageRequests.every(({ authorization }) => authorization === undefined)).toBe(true);
});
