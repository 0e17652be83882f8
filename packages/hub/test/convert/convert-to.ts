import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type ConvertedModel, convertModel, type NarrowDType } from "../../src/index.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { toyArch, toyModel } from "./toy-model.js";

/** Writes the toy model's files and converts them. Only the two folders exist afterwards. */
export async function convertTo(
  dtype: NarrowDType,
  files: Readonly<Record<string, Uint8Array>> = toyModel(),
): Promise<ConvertedModel & { readonly original: string }> {
  const folder = await tempDir();
  const original = await writeFiles(join(folder, "original"), files);
  const result = await convertModel(original, { arch: toyArch, dtype, out: join(folder, "out") });
  expect((await readdir(folder)).sort()).toEqual(["original", "out"]);
  return { ...result, original };
}

/** Paths of everything that is not a folder. */
export async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1))
    .sort();
}
