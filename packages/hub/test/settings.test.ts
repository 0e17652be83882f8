import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { defaultCacheDir, readSettings } from "../src/node/remote/settings.js";
import { isRepoName } from "../src/remote/repo-name.js";

test.each<[NodeJS.Platform, Record<string, string>, string]>([
  ["linux", {}, join(homedir(), ".cache", "ripvec")],
  ["darwin", {}, join(homedir(), "Library", "Caches", "ripvec")],
  ["win32", { LOCALAPPDATA: "L" }, join("L", "ripvec")],
  ["win32", {}, join(homedir(), "AppData", "Local", "ripvec")],
  ["linux", { XDG_CACHE_HOME: "/xdg" }, join("/xdg", "ripvec")],
  ["darwin", { XDG_CACHE_HOME: "/xdg", RIPVEC_CACHE: "own" }, resolve("own")],
])("cache folder on %s with %j", (platform, env, expected) => {
  expect(defaultCacheDir(env, platform)).toBe(expected);
});

test("options override the environment", () => {
  const env = {
    HF_HUB_CACHE: "p",
    RIPVEC_OFFLINE: "1",
    HF_ENDPOINT: "http://127.0.0.1:1/hub//",
    HF_TOKEN: " hf_x\n",
  };
  expect(readSettings({ cacheDir: "c" }, env)).toEqual({
    cacheDir: resolve("c"),
    cacheDirSaidBy: "the option cacheDir",
    pythonCacheDir: resolve("p"),
    offline: true,
    endpoint: "http://127.0.0.1:1/hub",
    authorization: "Bearer hf_x",
    revision: "main",
    timeouts: { answerMs: 30_000, downloadMs: 30_000 },
    proxies: undefined,
  });
  expect(readSettings({ offline: false, revision: "v1.0" }, env)).toMatchObject({
    offline: false,
    revision: "v1.0",
  });
  expect(readSettings({}, { HF_HUB_OFFLINE: "TRUE" })).toMatchObject({
    offline: true,
    endpoint: "https://huggingface.co",
    authorization: undefined,
  });
});

test("blanks around values are ignored, and blanks alone count as not set", () => {
  const env = {
    RIPVEC_CACHE: " ",
    XDG_CACHE_HOME: " /xdg ",
    HF_TOKEN: " ",
    HF_ENDPOINT: "\t",
    RIPVEC_OFFLINE: " ",
    HF_HUB_OFFLINE: " 1 ",
    HF_HUB_ETAG_TIMEOUT: " 2.5 ",
    HF_HUB_DOWNLOAD_TIMEOUT: "",
    HF_HUB_CACHE: " ",
    HF_HOME: " /hf ",
  };
  expect(readSettings({}, env)).toEqual({
    cacheDir: join("/xdg", "ripvec"),
    cacheDirSaidBy: "XDG_CACHE_HOME",
    pythonCacheDir: resolve("/hf/hub"),
    offline: true,
    endpoint: "https://huggingface.co",
    authorization: undefined,
    revision: "main",
    timeouts: { answerMs: 2500, downloadMs: 30_000 },
    proxies: undefined,
  });
  const timeouts = { answerMs: 1, downloadMs: undefined };
  expect(readSettings({ timeouts }, env).timeouts).toEqual({ answerMs: 1, downloadMs: 30_000 });
});

test.each([
  ["RIPVEC_OFFLINE", "maybe"],
  ["HF_HUB_OFFLINE", "2"],
  ["HF_HUB_ETAG_TIMEOUT", "-1"],
  ["HF_HUB_ETAG_TIMEOUT", "0"],
  ["HF_HUB_DOWNLOAD_TIMEOUT", "1e3"],
  ["HF_HUB_DOWNLOAD_TIMEOUT", "99999999"],
  ["http_proxy", "ftp://x"],
])("%s=%s is refused by name", (name, value) => {
  expect(() => readSettings({}, { [name]: value })).toThrow(new RegExp(`^${name} must be`));
});

test.each([0, Number.NaN, Number.POSITIVE_INFINITY, "1"])("a time-out of %j is refused", (ms) => {
  const timeouts = { answerMs: ms as number };
  expect(() => readSettings({ timeouts }, {})).toThrow(/^timeouts\.answerMs must be/);
});

test.each([
  ["BAAI/bge-small-en-v1.5", true],
  ["bert-base-uncased", true],
  ["a/b_c.d", true],
  ["x", true],
  ["", false],
  ["a/", false],
  ["/a", false],
  ["a/b/c", false],
  [".", false],
  ["..", false],
  ["../a", false],
  ["a/..", false],
  ["a--b", false],
  ["a\\b", false],
  ["a/.hidden", false],
  ["a b", false],
  ["a/b\n", false],
  ["x".repeat(97), false],
])("%j can be an id: %s", (text, expected) => {
  expect(isRepoName(text)).toBe(expected);
});
