import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeModel } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import { afterAll } from "vitest";

/**
 * A folder with a small model of random weights. Among the test's texts, those with a word of the
 * query are the nearest.
 */
export async function madeModel(texts: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "ripvec-engine-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const made = makeModel({
    family: "bert",
    // One of the seeds below 30 for which this is true.
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
  await writeModel(folder, made);
  return folder;
}
