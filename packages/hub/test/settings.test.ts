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

test("options win over the environment", () => {
  const env = { RIPVEC_OFFLINE: "1", HF_ENDPOINT: "http://127.0.0.1:1/hub//", HF_TOKEN: " hf_x\n" };
  expect(readSettings({ cacheDir: "c" }, env)).toEqual({
    cacheDir: resolve("c"),
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
