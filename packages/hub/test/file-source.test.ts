import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFile,
  copyFile,
  mkdir,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelFileError } from "@ripvec/core";
import { concatRows, openSafetensors, sliceRows } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { openFileSource } from "../src/node/file-source.js";
import { openTorch } from "../src/torch/open-torch.js";
import { tempDir } from "./temp-dir.js";
import { safetensors } from "./tiny-model.js";

const bytes = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7) % 256));
const other = Buffer.from(bytes).reverse();

async function madeFile(content: Uint8Array = bytes): Promise<string> {
  const path = join(await tempDir(), "weights");
  await writeFile(path, content);
  return path;
}

/** The new file has the times of the old one. */
async function rewriteQuietly(path: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  await writeFile(`${path}.new`, other);
  await utimes(`${path}.new`, atime, mtime);
  await rename(`${path}.new`, path);
}

const changes: readonly (readonly [string, (path: string) => Promise<void>, RegExp])[] = [
  ["cut", (path) => truncate(path, 200), /it had 300 bytes, now 200/],
  ["grown", (path) => appendFile(path, "more"), /it had 300 bytes, now 304/],
  ["rewritten in place", (path) => writeFile(path, other), /it was written to/],
  ["rewritten with the same bytes", (path) => writeFile(path, bytes), /it was written to/],
  ["touched", (path) => utimes(path, new Date(), new Date()), /it was written to/],
  ["replaced, times and size kept", rewriteQuietly, /another file now has this path/],
  ["deleted", (path) => rm(path), /cannot be read/],
  ["replaced by a folder", (path) => rm(path).then(() => mkdir(path)), /./],
];

describe.each(changes)("a file that was %s", (_, change, message) => {
  const refused = { path: expect.any(String), message: expect.stringMatching(message) };

  test("is no longer read and hashed", async () => {
    const path = await madeFile();
    const source = await openFileSource(path);
    expect(Buffer.from(source.read(10, 5)).equals(bytes.subarray(10, 15))).toBe(true);
    await change(path);
    expect(() => source.read(10, 5)).toThrow(ModelFileError);
    expect(() => source.read(10, 5)).toThrow(expect.objectContaining(refused));
    await expect(source.hash()).rejects.toThrow(ModelFileError);
    await expect(source.hash()).rejects.toMatchObject(refused);
  });
});

test.runIf(process.platform !== "win32")(
  "a pipe in the file's place does not block the reader",
  async () => {
    const path = await madeFile();
    const source = await openFileSource(path);
    await rm(path);
    execFileSync("mkfifo", [path]);
    expect(() => source.read(0, 5)).toThrow(/another file now has this path/);
    await expect(source.hash()).rejects.toThrow(/another file now has this path/);
    await expect(openFileSource(path)).rejects.toThrow(/is not a file/);
  },
);

test("a change right after the opening is detected, however coarse the system's clock is", async () => {
  for (let i = 0; i < 20; i++) {
    const path = await madeFile();
    const source = await openFileSource(path);
    await writeFile(path, other);
    expect(() => source.read(0, 5)).toThrow(/it was written to/);
  }
});

test("another name, other rights and another reader change nothing", async () => {
  const path = await madeFile();
  const source = await openFileSource(path);
  await copyFile(path, `${path}.copy`);
  if (process.platform !== "win32") execFileSync("ln", [path, `${path}.link`]);
  execFileSync(process.execPath, ["-e", `fs.chmodSync(${JSON.stringify(path)}, 0o444)`]);
  expect(Buffer.from(source.read(0, 300)).equals(bytes)).toBe(true);
  expect(await source.hash()).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("views, their rows and stacks keep the identity that the file had when it was opened", async () => {
  const path = await madeFile(safetensors({ a: [2, 3], b: [4, 3] }));
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  const identity = {
    device: dev,
    inode: ino,
    byteLength: Number(size),
    modifiedNs: mtimeNs,
  };
  const weights = openSafetensors(await openFileSource(path));
  const [a, b] = [weights.get("a"), weights.get("b")];
  expect(a.file?.identity).toEqual(identity);
  expect(sliceRows(a, 1).file?.identity).toEqual(identity);
  const parts = sliceRows(concatRows("ab", [a, b]), 1).parts ?? [];
  expect(parts.map((part) => part.identity)).toEqual([identity, identity]);
});

test("tensors of PyTorch's files have it too, and are no longer read once the file was changed", async () => {
  const fixture = fileURLToPath(new URL("./torch/files/bert.bin", import.meta.url));
  const path = join(await tempDir(), "pytorch_model.bin");
  await copyFile(fixture, path);
  const weights = openTorch(await openFileSource(path));
  const views = weights.names.map((name) => weights.get(name));
  const inFile = views.filter(({ file }) => file);
  expect(inFile.length).toBeGreaterThan(0);
  const { ino } = await stat(path, { bigint: true });
  for (const { file } of inFile) expect(file?.identity?.inode).toBe(ino);
  await utimes(path, new Date(), new Date());
  for (const view of views) expect(() => view.bytes()).toThrow(/it was written to/);
});
