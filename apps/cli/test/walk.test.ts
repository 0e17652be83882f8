import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { isRipvecError } from "@ripvec/core";
import { expect, test, vi } from "vitest";
import { isChangeLog, isTest } from "../src/file-kinds.js";
import { readText } from "../src/read-text.js";
import { walk } from "../src/walk.js";
import { tempFolder } from "./support/temp-folder.js";

const { signal } = new AbortController();

const found = async (cwd: string, ...paths: string[]): Promise<string[]> =>
  (await walk(paths, { cwd })).files.map((file) => file.path);

test(".gitignore applies, with nested ones and exceptions", async () => {
  const cwd = tempFolder({
    ".git/HEAD": "ref",
    ".git/info/exclude": "private.txt\n",
    ".gitignore": "*.log\n/build/\ncache\n!keep.log\n",
    "a.md": "a",
    "b.log": "b",
    "keep.log": "kept",
    "private.txt": "p",
    "build/out.js": "x",
    "src/build/in.js": "not at the root",
    "src/cache/c.ts": "x",
    "src/.gitignore": "!deep.log\nsecret.*\n",
    "src/deep.log": "back again",
    "src/secret.ts": "x",
    "src/sub/secret.md": "x",
    "src/sub/d.ts": "d",
  });
  const all = ["a.md", "keep.log", "src/build/in.js", "src/deep.log", "src/sub/d.ts"];
  expect(await found(cwd, ".")).toEqual(all);
  // Rules above the start apply as well.
  expect(await found(cwd, "src/sub")).toEqual(["src/sub/d.ts"]);
  expect(await found(cwd, "src")).toEqual(all.slice(2));
});

test("files not written by people are left out and counted", async () => {
  const cwd = tempFolder({
    "node_modules/x/index.js": "x",
    ".git/config": "x",
    ".cache/x.txt": "x",
    ".env": "SECRET=1",
    "package-lock.json": "{}",
    "pnpm-lock.yaml": "a: 1",
    "Cargo.lock": "x",
    "app.min.js": "x",
    "photo.png": "no real picture",
    "huge.txt": "line\n".repeat(300_000),
    "text.ts": "export {};",
  });
  const { files, leftOut } = await walk(["."], { cwd });
  expect(files.map(({ path }) => path)).toEqual(["text.ts"]);
  expect(Object.fromEntries(leftOut.counts)).toEqual({
    "lock file": 3,
    generated: 1,
    binary: 1,
    "above 1 MiB": 1,
  });
});

test("data files and test data are left out unless they are named", async () => {
  const rows = '{"a":1}\n'.repeat(1025);
  const cwd = tempFolder({
    "package.json": "{}",
    "table.csv": rows,
    "log.jsonl": rows,
    "drawing.svg": rows,
    "notes.txt": rows,
    "cache/6e1ff14aa15a": "x",
    "cache/6e1ff14aa15a.txt": "x",
    "test/fixtures/input.txt": "x",
    "test/__snapshots__/a.txt": "x",
    "test/a.test.ts": "x",
    "202611301715.md": "x",
    "deadbeef.txt": "x",
  });
  const { files, leftOut } = await walk(["."], { cwd });
  expect(files.map(({ path }) => path)).toEqual([
    "202611301715.md",
    "deadbeef.txt",
    "notes.txt",
    "package.json",
    "test/a.test.ts",
  ]);
  expect(String(leftOut)).toBe(
    "left out: 2 generated; 3 data above 8 KiB; " +
      "2 test data (test/__snapshots__, test/fixtures)",
  );
  expect(await found(cwd, "table.csv", "test/fixtures", "cache/6e1ff14aa15a")).toEqual([
    "table.csv",
    "test/fixtures/input.txt",
    "cache/6e1ff14aa15a",
  ]);
});

test("a test's path is recognised by the word in a name", () => {
  const yes = ["a/test/b.ts", "tests/x.py", "src/__tests__/a.js", "a.test.ts", "b.spec.js"];
  const more = ["test_click.py", "pool_test.cc", "native-test/a.cc", "Test/A.java"];
  const no = [
    "src/testing.py",
    "contest/a.ts",
    "latest.md",
    "spec/header.md",
    "driver-testkit/a.ts",
  ];
  expect([...yes, ...more].filter((path) => !isTest(path))).toEqual([]);
  expect(no.filter(isTest)).toEqual([]);
});

test("change logs are recognised by name, and are not code", () => {
  const yes = ["CHANGELOG.md", "lib/Changes", "a/HISTORY.rst", "NEWS.txt"];
  const no = ["history.ts", "changes.py", "changes/a.md", "docs/news-letter.md", "unchanges.md"];
  expect(yes.filter((path) => !isChangeLog(path))).toEqual([]);
  expect(no.filter(isChangeLog)).toEqual([]);
});

test("contents that are not text are refused on reading", async () => {
  const cwd = tempFolder({
    "data.txt": new Uint8Array([104, 105, 0, 0, 1]),
    "bundle.js": "x=1;".repeat(2000),
    "diary.md": "a paragraph is one line. ".repeat(200),
    "latin.txt": new Uint8Array([0x66, 0xfc, 0x72]),
  });
  const { files } = await walk(["."], { cwd });
  const read = Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file.path, await readText(file, signal)] as const),
    ),
  );
  expect(read).toMatchObject({
    "bundle.js": { skip: "generated" },
    "data.txt": { skip: "binary" },
    "diary.md": { text: expect.stringContaining("one line") },
    "latin.txt": { skip: "not UTF-8", detail: "line 1: byte 2 is 0xfc, which is not valid UTF-8" },
  });
  const [named] = (await walk(["bundle.js", "."], { cwd })).files;
  expect(named && (await readText(named, signal))).toMatchObject({
    text: expect.stringContaining("x=1;"),
  });
});

test("a named file is taken although it is ignored, and each file is taken once", async () => {
  const cwd = tempFolder({ ".gitignore": "*.log", "run.log": "x", "a.txt": "a" });
  expect(await found(cwd, "run.log", ".", "a.txt")).toEqual(["run.log", "a.txt"]);
});

test.skipIf(process.platform === "win32")(
  "links are not followed, so a cycle does no harm",
  async () => {
    const cwd = tempFolder({ "sub/a.txt": "a" });
    symlinkSync(cwd, join(cwd, "sub/loop"));
    expect(await found(cwd, ".")).toEqual(["sub/a.txt"]);
    expect(await found(cwd, "sub/loop/sub/a.txt")).toHaveLength(1);
  },
);

test("a path that does not exist is named", async () => {
  const error = await walk(["nowhere"], { cwd: tempFolder() }).catch((reason: unknown) => reason);
  expect(isRipvecError(error) && error.message).toBe("no such file or directory: nowhere");
});

test("an abort is noticed at every file, however many a folder has", async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}.txt`, "x"]));
  const controller = new AbortController();
  const asked = vi.spyOn(controller.signal, "throwIfAborted");
  await walk(["."], { cwd: tempFolder(files), signal: controller.signal });
  expect(asked.mock.calls.length).toBeGreaterThanOrEqual(300);
});
