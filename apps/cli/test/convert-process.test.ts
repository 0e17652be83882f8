import { readdirSync } from "node:fs";
import { join } from "node:path";
import { makeModel } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import { beforeAll, expect, test } from "vitest";
import { bundledCli } from "./support/child.js";
import { tempFolder } from "./support/temp-folder.js";

let start: Awaited<ReturnType<typeof bundledCli>>;
beforeAll(async () => {
  start = await bundledCli("convert-process-test");
});

/** Weights of 1.7 MB in f32 and 0.9 MB in f16. */
async function folderWithModel(): Promise<string> {
  const folder = tempFolder();
  const made = makeModel({
    family: "bert",
    seed: 1,
    layers: 2,
    hidden: 96,
    heads: 4,
    intermediate: 384,
    vocabSize: 2000,
    maxPositions: 64,
  });
  await writeModel(join(folder, "model"), made);
  return folder;
}

const argv = ["convert", "model", "--dtype", "f16", "--out", "out"];

test("a separate process converts a model", async () => {
  const cwd = await folderWithModel();
  const cli = start({ argv, cwd });
  expect([await cli.ended(), cli.err]).toEqual([0, ""]);
  expect(cli.out).toMatch(
    /^\S+out {2}1\.\d MB → \d+\.\d kB {2}SHA-256 of model.safetensors: \w{64}\n$/,
  );
  expect(readdirSync(cwd).sort()).toEqual(["model", "out"]);
});

/**
 * The system's limit on a file's size takes the place of a full disk: both end a write in the
 * middle.
 */
test.runIf(process.platform === "linux")(
  "a write that the system ends leaves nothing behind",
  async () => {
    const cwd = await folderWithModel();
    const cli = start({ argv, cwd, shell: 'ulimit -f 600; exec "$0" "$@"' });
    expect(await cli.ended()).toBe(1);
    expect(cli.err).toMatch(/^error: .*out cannot be written: EFBIG: file too large, write\n$/);
    expect(readdirSync(cwd)).toEqual(["model"]);
  },
);
