import { type JsonObject, ModelFileError, type Tokenizer } from "@ripvec/core";
import { joinInner, jsonLimits, type ModelFiles, readJsonObject } from "./model-files.js";
import { parseTokenizerJson } from "./tokenizer/parse-tokenizer-json.js";
import { createTokenizer } from "./tokenizer.js";

/** The tokenizer of a model from tokenizer.json and tokenizer_config.json in a folder of it. */
export async function readTokenizer(
  files: ModelFiles,
  folder: string,
  model: { config: JsonObject; sentenceConfig: JsonObject; tokenizerConfig: JsonObject },
): Promise<Tokenizer> {
  const name = joinInner(folder, "tokenizer.json");
  const path = files.locate(name);
  const json = await readJsonObject(files, name, jsonLimits.tokenizer, parseTokenizerJson);
  if (!json) {
    throw new ModelFileError(
      "is missing. Write it with Python's transformers: AutoTokenizer.from_pretrained(dir).save_pretrained(dir)",
      { path },
    );
  }
  return createTokenizer(json, {
    path,
    tokenTypes: Number(model.config.type_vocab_size ?? 0) > 1,
  });
}
