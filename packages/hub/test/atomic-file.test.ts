import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { writeAtomically } from "../src/node/remote/atomic-file.js";
import { tempDir } from "./temp-dir.js";

afterEach(() => vi.useRealTimers());

test("files that a killed process left are removed after an hour, and nothing else", async () => {
  const directory = await tempDir();
  await writeFile(join(directory, "a.json.1-2-3.tmp"), "half");
  await writeFile(join(directory, "b.partial"), "half");
  await writeAtomically(join(directory, "a.json"), "whole");
  expect(await readdir(directory)).toEqual(["a.json", "a.json.1-2-3.tmp", "b.partial"]);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_700_000 });
  await writeAtomically(join(directory, "a.json"), "again");
  expect(await readdir(directory)).toEqual(["a.json", "b.partial"]);
});

test("a link is replaced, and its target stays unchanged", async () => {
  const directory = await tempDir();
  const outside = join(await tempDir(), "outside");
  await writeFile(outside, "precious");
  await symlink(outside, join(directory, "main"));
  await writeAtomically(join(directory, "main"), "commit");
  expect(await readFile(outside, "utf8")).toBe("precious");
  expect(await readFile(join(directory, "main"), "utf8")).toBe("commit");
});
