import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openModel } from "../src/index.js";
import { tempDir, writeFiles } from "./temp-dir.js";
import { bertConfig, jsonFile, safetensors } from "./tiny-model.js";

const fixture = (name: string) => readFile(new URL(`fixtures/minilm/${name}`, import.meta.url));
const unpacked = async (name: string) => gunzipSync(await fixture(name)).toString("utf8");

async function openMiniLm() {
  const tokenizer = JSON.parse(await fixture("tokenizer.json").then(String));
  const tokens = (await unpacked("vocab.txt.gz")).split("\n");
  tokenizer.model.vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const files = {
    "config.json": jsonFile(bertConfig),
    "tokenizer.json": jsonFile(tokenizer),
    "model.safetensors": safetensors({ x: [1] }),
  };
  return openModel(await writeFiles(await tempDir(), files));
}

describe("the tokenizer of all-MiniLM-L6-v2", () => {
  test("gives the ids of transformers for sentences, corner cases and mixtures", async () => {
    const { tokenizer } = await openMiniLm();
    const pairs: [string, number[]][] = JSON.parse(await unpacked("ids.json.gz"));
    const wrong = pairs.filter(
      ([text, ids]) => Array.from(tokenizer.encode(text).inputIds).join() !== ids.join(),
    );
    expect(pairs).toHaveLength(600);
    expect(wrong.map(([text]) => text)).toEqual([]);
  });
});
