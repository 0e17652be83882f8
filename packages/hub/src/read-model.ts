import { type JsonObject, ModelFileError, type ModelModule, type WeightSource } from "@ripvec/core";
import { openCheckpoint } from "./checkpoint.js";
import type { Model } from "./model.js";
import {
  innerPath,
  isJsonObject,
  joinInner,
  type ModelFiles,
  readJson,
  readJsonObject,
} from "./model-files.js";
import { readTokenizer } from "./read-tokenizer.js";

/** sentence-transformers has named this file after the model class at times. */
const sentenceConfigs = [
  "sentence_bert_config.json",
  "sentence_roberta_config.json",
  "sentence_distilbert_config.json",
  "sentence_camembert_config.json",
  "sentence_xlm-roberta_config.json",
];

/** Reads a model in the layout of Hugging Face transformers or sentence-transformers. */
export async function readModel(files: ModelFiles): Promise<Omit<Model, "directory">> {
  const entries = await readModuleList(files);
  const root = entries?.find(isTransformer)?.path ?? "";
  const configPath = joinInner(root, "config.json");
  const config = await readJsonObject(files, configPath);
  if (!config) {
    throw new ModelFileError(
      "is missing. A model has config.json, tokenizer.json and model.safetensors",
      { path: files.locate(configPath) },
    );
  }
  const tokenizerConfig =
    (await readJsonObject(files, joinInner(root, "tokenizer_config.json"))) ?? {};
  const ownConfig = await readSentenceConfig(files, root);
  const { tokenizer, maxLength } = await readTokenizer(files, root, {
    config,
    sentenceConfig: ownConfig,
    tokenizerConfig,
  });
  const sentenceConfig = {
    ...(maxLength !== undefined && { max_seq_length: maxLength }),
    ...ownConfig,
  };
  const prompts = await readPrompts(files);
  const weights = await openCheckpoint(files, root);
  if (!weights) {
    throw new ModelFileError("is missing", {
      path: files.locate(joinInner(root, "model.safetensors")),
    });
  }
  const modules = entries && (await readModules(files, entries, config));
  return { id: files.id, config, weights, modules, sentenceConfig, tokenizer, ...prompts };
}

interface ModuleEntry {
  readonly type: string;
  readonly path: string;
}

const isTransformer = (entry: ModuleEntry): boolean => /\.Transformer$/.test(entry.type);
/** What sentence-transformers neither writes nor reads is not looked for: on a web server each look is a request. */
const hasNoFiles = (entry: ModuleEntry): boolean => /\.Normalize$/.test(entry.type);
const hasNoWeights = (entry: ModuleEntry): boolean => /\.Pooling$/.test(entry.type);

async function readModuleList(files: ModelFiles): Promise<ModuleEntry[] | undefined> {
  const list = await readJson(files, "modules.json");
  if (list === undefined) return undefined;
  const path = files.locate("modules.json");
  if (!Array.isArray(list)) throw new ModelFileError("must hold a list of modules", { path });
  return list.map((entry: unknown) => {
    if (!isJsonObject(entry) || typeof entry.type !== "string") {
      throw new ModelFileError("each module needs a type", { path });
    }
    const folder = entry.path ?? "";
    return { type: entry.type, path: folder === "" ? "" : innerPath(folder, path) };
  });
}

function readModules(
  files: ModelFiles,
  entries: readonly ModuleEntry[],
  modelConfig: JsonObject,
): Promise<ModelModule[]> {
  return Promise.all(
    entries.map(async (entry) => {
      if (isTransformer(entry)) return { ...entry, config: modelConfig };
      if (entry.path === "" || hasNoFiles(entry)) return { ...entry, config: {} };
      const config = (await readJsonObject(files, `${entry.path}/config.json`)) ?? {};
      if (hasNoWeights(entry)) return { ...entry, config };
      const weights: WeightSource | undefined = await openCheckpoint(files, entry.path);
      return { ...entry, config, weights };
    }),
  );
}

async function readSentenceConfig(files: ModelFiles, root: string): Promise<JsonObject> {
  for (const name of sentenceConfigs) {
    const config = await readJsonObject(files, joinInner(root, name));
    if (config) return withoutNulls(config);
  }
  return {};
}

/** sentence-transformers writes null for what is not set. */
const withoutNulls = (config: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));

async function readPrompts(
  files: ModelFiles,
): Promise<Pick<Model, "prompts" | "defaultPromptName">> {
  const name = "config_sentence_transformers.json";
  const config = (await readJsonObject(files, name)) ?? {};
  const refuse = (message: string) => new ModelFileError(message, { path: files.locate(name) });
  const prompts = config.prompts ?? {};
  if (!isJsonObject(prompts)) throw refuse("prompts must be an object of texts");
  const texts: [string, string][] = Object.entries(prompts).map(([key, text]) => {
    if (typeof text !== "string") throw refuse(`prompt ${JSON.stringify(key)} must be a text`);
    return [key, text];
  });
  const defaultPromptName = config.default_prompt_name ?? undefined;
  if (defaultPromptName === undefined) return { prompts: Object.fromEntries(texts) };
  if (typeof defaultPromptName !== "string" || !Object.hasOwn(prompts, defaultPromptName)) {
    throw refuse(
      `default_prompt_name ${JSON.stringify(defaultPromptName)} is not among the prompts`,
    );
  }
  return { prompts: Object.fromEntries(texts), defaultPromptName };
}
