import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { byteLengths, directory, files, goldenFile, sha256 } from "../src/index.js";

const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");

describe("the files of the model", () => {
  test.each([...files])("%s has the listed digest, which the README states too", (path) => {
    const bytes = readFileSync(join(directory, path));
    expect(bytes.byteLength).toBe(byteLengths[path]);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256[path]);
    expect(readme).toContain(`| \`${path}\` | ${byteLengths[path]} | \`${sha256[path]}\` |`);
  });

  test("are the only files in its folder", () => {
    const found = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(found.sort()).toEqual(files.map((path) => join(directory, path)).sort());
  });
});

interface Golden {
  readonly text: string;
  readonly original: readonly number[];
  readonly embedding: readonly number[];
}

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0) /
  (Math.hypot(...a) * Math.hypot(...b));

test("8 bits change the original's vectors slightly, and each stays nearest to its own text", () => {
  const golden = JSON.parse(readFileSync(goldenFile, "utf8")) as Golden[];
  expect(golden).toHaveLength(6);
  for (const { original, embedding } of golden) {
    const angle = 1 - cosine(original, embedding);
    expect(angle).toBeGreaterThan(1e-5);
    expect(angle).toBeLessThan(5e-3);
    const nearest = golden.map((other) => cosine(embedding, other.original));
    expect(Math.max(...nearest)).toBe(cosine(embedding, original));
  }
});
