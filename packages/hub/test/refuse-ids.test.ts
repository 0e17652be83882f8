import { describe, expect, test } from "vitest";
import { openModel } from "../src/index.js";
import { tempDir, writeFiles } from "./temp-dir.js";
import { bertConfig, jsonFile, tinyModel } from "./tiny-model.js";
import { bertTokenizerJson, wordPieceVocab } from "./tokenizer-fixtures.js";

async function openWith(files: Readonly<Record<string, Uint8Array>>) {
  return openModel(await writeFiles(await tempDir(), { ...tinyModel(), ...files }));
}

const withRows = (vocabSize: unknown) => ({
  "config.json": jsonFile({ ...bertConfig, vocab_size: vocabSize }),
});

const [lastToken = "", lastId = 0] = [...wordPieceVocab].at(-1) ?? [];

describe("a model whose tokenizer does not match its embedding table", () => {
  test("is refused, and the error names the first token beyond the table", async () => {
    const opened = openWith(withRows(lastId));
    await expect(opened).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: expect.stringMatching(/tokenizer\.json$/),
      message: expect.stringContaining(
        `model.vocab gives ${JSON.stringify(lastToken)} the id ${lastId}, but the model's embedding table has ${lastId} rows (vocab_size of config.json)`,
      ),
    });
  });

  test("is refused when an added token is beyond the table", async () => {
    const file = bertTokenizerJson();
    const first = Array.isArray(file.added_tokens) ? file.added_tokens[0] : {};
    const token = { ...first, id: lastId + 1, content: "[NEW]" };
    const json = { ...file, added_tokens: [...Object.values(file.added_tokens ?? {}), token] };
    const files = { "tokenizer.json": jsonFile(json), "tokenizer_config.json": jsonFile({}) };
    await expect(openWith({ ...files, ...withRows(lastId + 1) })).rejects.toThrow(
      `added_tokens gives "[NEW]" the id ${lastId + 1}, but the model's embedding table has ${lastId + 1} rows`,
    );
    await expect(openWith({ ...files, ...withRows(lastId + 2) })).resolves.toBeDefined();
  });

  test("opens when the table has more rows than tokens", async () => {
    await expect(openWith(withRows(lastId + 100))).resolves.toBeDefined();
  });
});

test.each(["NaN", "Infinity", "-Infinity"])("%s in config.json is named", async (number) => {
  const text = JSON.stringify({ ...bertConfig, layer_norm_eps: 0 }).replace(/0}$/, `${number}}`);
  await expect(openWith({ "config.json": Buffer.from(text) })).rejects.toMatchObject({
    code: "MODEL_FILE",
    path: expect.stringMatching(/config\.json$/),
    message: expect.stringContaining(
      `It holds ${number}, which Python writes and JSON does not have: replace it by a number or null`,
    ),
  });
});
