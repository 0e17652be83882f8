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
 * A folder with a small model of random weights, mean-pooled and normalised, for tests that are about other things than
 * meaning. Each test file that imports this has its own.
 */
export let madeModel: string;

beforeAll(async () => {
  madeModel = mkdtempSync(join(tmpdir(), "ripvec-made-"));
  // Some tests run as another user.
  chmodSync(madeModel, 0o755);
  await writeModel(madeModel, made);
});

afterAll(() => rmSync(madeModel, { recursive: true, force: true }));

const commands = new Set(["embed", "search", "bench"]);

/** Arguments that name the made model where they name none. */
export function onMadeModel(argv: readonly string[]): string[] {
  const [command = ""] = argv;
  return commands.has(command) && !argv.includes("--model")
    ? [...argv, "--model", madeModel]
    : [...argv];
}
