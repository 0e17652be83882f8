import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ModelSpec, makeModel } from "@ripvec/driver-testkit";
import type { Contents } from "./file-faults.js";

const spec: ModelSpec = {
  family: "bert",
  seed: 1,
  layers: 1,
  hidden: 24,
  heads: 2,
  intermediate: 40,
  vocabSize: 400,
  maxPositions: 64,
};

const made = makeModel(spec);
const weights = "model.safetensors";
const contentOf = (changes: Partial<ModelSpec>): Uint8Array => {
  const content = makeModel({ ...spec, ...changes }).files.get(weights);
  if (!content) throw new Error("a test model has no weights");
  return content;
};

/**
 * The weights of the model, of one with other values only, and of one with its tensors at other
 * positions.
 */
export const contents: Contents = {
  own: contentOf({}),
  other: contentOf({ seed: 2 }),
  moved: contentOf({ seed: 2, prefix: true }),
};

/**
 * Writes the model with the given weights, with the file's time an hour ago. Returns the path of
 * the weights.
 */
export function writeWeights(directory: string, content: Uint8Array = contents.own): string {
  for (const [path, bytes] of made.files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), path === weights ? content : bytes);
  }
  const path = join(directory, weights);
  const hourAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path, hourAgo, hourAgo);
  return path;
}
