import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeModel } from "@ripvec/driver-testkit";
import { afterAll } from "vitest";

/** A folder with a small model of random weights; of these texts, those with a word of the query come first. */
export function madeModel(texts: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "ripvec-engine-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { files } = makeModel({
    family: "bert",
    // Of the seeds below 30, one of those with which this is so.
    seed: 18,
    layers: 1,
    hidden: 64,
    heads: 2,
    intermediate: 64,
    vocabSize: 400,
    maxPositions: 256,
    normalize: true,
    words: [
      ...new Set(
        texts
          .join(" ")
          .toLowerCase()
          .match(/[a-z]+/g),
      ),
    ],
  });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}
