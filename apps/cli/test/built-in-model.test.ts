import { createHash } from "node:crypto";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { directory, sha256 } from "@ripvec/model-all-minilm-l6-v2";
import { expect, test, vi } from "vitest";
import { main } from "../src/cli.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";

/** The built-in model, in a folder where it may be damaged. */
const place = vi.hoisted(() => ({ directory: "" }));

vi.mock("../src/default-model.js", async (original) => {
  const { defaultModel } = await original<typeof import("../src/default-model.js")>();
  return {
    defaultModel: Object.create(defaultModel, { directory: { get: () => place.directory } }),
  };
});

/** Runs a command after one of the model's files was changed. Returns its standard error. */
async function refusal(file: string, change: (path: string) => void): Promise<string> {
  place.directory = tempFolder();
  cpSync(directory, place.directory, { recursive: true });
  change(join(place.directory, file));
  const io = fakeIo();
  expect([await main(["embed", "some text"], io), io.out()]).toEqual([1, ""]);
  return io.err();
}

const digestOf = (path: string): string =>
  createHash("sha256").update(readFileSync(path)).digest("hex");

/** Changes one bit of the last byte. */
function changeLastByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

test.each(["model.safetensors", "config.json", "tokenizer.json", "1_Pooling/config.json"])(
  "a changed %s is refused with both digests",
  async (file) => {
    const said = await refusal(file, changeLastByte);
    const path = join(place.directory, file);
    expect(said).toBe(
      `error: ${path}: has SHA-256 ${digestOf(path)} instead of the required ${sha256[file]}. Install or download the model again\n`,
    );
  },
);

test("a missing file is refused even if the model would open without it", async () => {
  const said = await refusal("sentence_bert_config.json", (path) => rmSync(path));
  expect(said).toMatch(
    /sentence_bert_config\.json: is missing; a file of SHA-256 [0-9a-f]{64} is required$/m,
  );
});
