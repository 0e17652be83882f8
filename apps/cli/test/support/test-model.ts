import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeModel } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import { afterAll, beforeAll } from "vitest";

const made = makeModel({
  family: "bert",
  seed: 20,
  layers: 2,
  hidden: 32,
  heads: 4,
  intermediate: 64,
  vocabSize: 400,
  maxPositions: 512,
  normalize: true,
  dtype: "f16",
});

/**
 * A folder with a small model of random weights, mean-pooled and normalised, for tests in which the
 * meaning of vectors does not matter. Each test file that imports this has its own.
 */
export let testModel: string;

beforeAll(async () => {
  testModel = mkdtempSync(join(tmpdir(), "ripvec-made-"));
  // Some tests run as another user.
  chmodSync(testModel, 0o755);
  await writeModel(testModel, made);
});

afterAll(() => rmSync(testModel, { recursive: true, force: true }));

const commands = new Set(["embed", "search", "bench"]);

/** Arguments that name the test model when they name none. */
export function onTestModel(argv: readonly string[]): string[] {
  const [command = ""] = argv;
  return commands.has(command) && !argv.includes("--model")
    ? [...argv, "--model", testModel]
    : [...argv];
}
