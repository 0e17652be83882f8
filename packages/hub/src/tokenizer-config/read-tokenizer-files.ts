import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import {
  joinInner,
  jsonLimits,
  type ModelFiles,
  readJsonObject,
  readText,
} from "../model-files.js";
import { parseTokenizerJson } from "../tokenizer/parse-tokenizer-json.js";
import { tokenizerClass } from "./tokenizer-class.js";
import type { TokenizerFiles, Vocabulary } from "./tokenizer-files.js";

/** The settings that are read before the tokenizer's own files. */
export interface TokenizerSettings {
  readonly config: JsonObject;
  readonly tokenizerConfig: JsonObject;
  readonly sentenceConfig: JsonObject;
}

/**
 * Reads the files of a folder that define its tokenizer. Files of older versions are requested only
 * when they matter, because each is a request on a web server. Throws UnsupportedError for an
 * unsupported class of tokenizer, and ModelFileError that says what to do when there is no
 * vocabulary for the class.
 */
export async function readTokenizerFiles(
  files: ModelFiles,
  folder: string,
  settings: TokenizerSettings,
): Promise<TokenizerFiles> {
  const locate = (name: string) => files.locate(joinInner(folder, name));
  const vocabulary = await readVocabulary(files, folder, settings);
  if (settings.tokenizerConfig.added_tokens_decoder !== undefined) {
    return { ...settings, vocabulary, locate };
  }
  const [specialTokensMap, addedTokens] = await Promise.all([
    readJsonObject(files, joinInner(folder, "special_tokens_map.json")),
    readJsonObject(files, joinInner(folder, "added_tokens.json")),
  ]);
  return { ...settings, vocabulary, specialTokensMap, addedTokens, locate };
}

async function readVocabulary(
  files: ModelFiles,
  folder: string,
  { config, tokenizerConfig }: TokenizerSettings,
): Promise<Vocabulary> {
  const locate = (name: string) => files.locate(joinInner(folder, name));
  const by = tokenizerClass(config, tokenizerConfig, locate("tokenizer_config.json"));
  const json = await readJsonObject(
    files,
    joinInner(folder, "tokenizer.json"),
    jsonLimits.tokenizer,
    parseTokenizerJson,
  );
  if (json) return { kind: "tokenizer.json", json };
  if (by.vocabulary === "vocab.txt") {
    const text = await readText(files, joinInner(folder, "vocab.txt"), jsonLimits.tokenizer);
    if (text !== undefined) return { kind: "vocab.txt", text };
  }
  if (by.vocabulary === "vocab.json") {
    const vocab = await readJsonObject(
      files,
      joinInner(folder, "vocab.json"),
      jsonLimits.tokenizer,
    );
    const merges = await readText(files, joinInner(folder, "merges.txt"), jsonLimits.tokenizer);
    if (vocab && merges !== undefined) return { kind: "vocab.json", vocab, merges };
  }
  throw await missingVocabulary(files, folder, by.vocabulary);
}

const sentencePieceFiles = [
  "sentencepiece.bpe.model",
  "spiece.model",
  "tokenizer.model",
  "spm.model",
];

async function missingVocabulary(
  files: ModelFiles,
  folder: string,
  instead: "vocab.txt" | "vocab.json" | undefined,
): Promise<ModelFileError> {
  const facts = { path: files.locate(joinInner(folder, "tokenizer.json")) };
  for (const name of sentencePieceFiles) {
    if (!(await files.exists(joinInner(folder, name)))) continue;
    return new ModelFileError(
      `is missing, and ${name} cannot be read by ripvec. Write tokenizer.json in Python, with the packages transformers, sentencepiece and protobuf: AutoTokenizer.from_pretrained(dir).save_pretrained(dir)`,
      facts,
    );
  }
  const names = { "vocab.txt": "vocab.txt", "vocab.json": "vocab.json and merges.txt" };
  const others = instead ? `, and so is its replacement: ${names[instead]}` : "";
  return new ModelFileError(
    `is missing${others}. Download it with the model, or write it in Python: AutoTokenizer.from_pretrained(id).save_pretrained(dir)`,
    facts,
  );
}
