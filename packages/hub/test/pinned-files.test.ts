import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, ModelFileError } from "@ripvec/core";
import { describe, expect, test } from "vitest";
import { openModel } from "../src/index.js";
import { tempDir, writeFiles } from "./temp-dir.js";
import { neededFiles, tinyModel } from "./tiny-model.js";

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const files = tinyModel();
const sha256 = Object.fromEntries(
  neededFiles.map((path) => [path, digestOf(files[path] ?? new Uint8Array())]),
);

/** The tiny model in a folder, with one file changed. */
async function folderWith(path: string, change: (place: string) => Promise<void>): Promise<string> {
  const directory = await writeFiles(await tempDir(), tinyModel());
  await change(join(directory, path));
  return directory;
}

async function refusal(directory: string): Promise<ModelFileError> {
  const opening = openModel(directory, { sha256 });
  const error = await opening.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ModelFileError);
  return error as ModelFileError;
}

/** Flips a bit of the last byte, which most readers of the file would not notice. */
async function flipLastBit(place: string): Promise<void> {
  const bytes = await readFile(place);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(place, bytes);
}

describe("files with a required digest", () => {
  test("open when they have it, in upper and lower case", async () => {
    const directory = await writeFiles(await tempDir(), files);
    const upper = Object.entries(sha256).map(([path, digest]) => [path, digest.toUpperCase()]);
    for (const pins of [sha256, Object.fromEntries(upper)]) {
      const model = await openModel(directory, { sha256: pins });
      expect(await model.weights.hash()).toBe(sha256["model.safetensors"]);
    }
  });

  test.each(neededFiles)("%s with one bit changed is refused with both digests", async (path) => {
    const directory = await folderWith(path, flipLastBit);
    const error = await refusal(directory);
    expect(error.path).toBe(join(directory, path));
    const actual = digestOf(await readFile(join(directory, path)));
    expect(error.message).toContain(
      `has SHA-256 ${actual} instead of the required ${sha256[path]}.`,
    );
  });

  test.each(neededFiles)("%s that is missing is refused", async (path) => {
    const directory = await folderWith(path, (place) => rm(place));
    const error = await refusal(directory);
    expect(error.path).toBe(join(directory, path));
    expect(error.message).toMatch(/is missing; a file of SHA-256 [0-9a-f]{64} is required/);
  });

  test.each(["model.safetensor", "2_dense/model.safetensors", "spelled.json"])(
    "%s, which is missing and not otherwise read, is refused before anything is read",
    async (path) => {
      const directory = await folderWith("config.json", (place) => writeFile(place, "{"));
      const digest = "0".repeat(64);
      await expect(openModel(directory, { sha256: { [path]: digest } })).rejects.toMatchObject({
        code: "MODEL_FILE",
        path: join(directory, path),
        message: expect.stringContaining(`is missing; a file of SHA-256 ${digest} is required`),
      });
    },
  );

  test("must be given as paths and digests", async () => {
    const directory = await writeFiles(await tempDir(), files);
    const digest = "0".repeat(64);
    const wrong: unknown[] = [null, 5, digest, [digest], { "config.json": [digest] }];
    for (const pins of [{ "../config.json": digest }, { "config.json": "sha256" }, ...wrong]) {
      const sha256 = pins as Readonly<Record<string, string>>;
      await expect(openModel(directory, { sha256 })).rejects.toThrow(InputError);
    }
  });
});
