import { ModelFileError } from "@ripvec/core";
import type { JsonObject, ModelModule } from "@ripvec/core/arch";
import { describeFolder } from "./describe-folder.js";
import { describeOtherWeights } from "./find-weights.js";
import { mapConcurrently } from "./map-concurrently.js";
import { joinInner, type ModelFiles, readJsonObject } from "./model-files.js";
import { type ModuleEntry, moduleKind, readModuleList } from "./module-list.js";
import { refuseQuantized } from "./quantization.js";
import { readSentenceSettings, type SentenceSettings } from "./sentence-settings.js";

/** The description of a model by its small files. */
export interface Description {
  readonly id: string;
  /** Folder of the transformer module; "" is the model's root folder. */
  readonly root: string;
  readonly config: JsonObject;
  readonly tokenizerConfig: JsonObject;
  readonly sentenceConfig: JsonObject;
  readonly modules: readonly Omit<ModelModule, "weights">[] | undefined;
  readonly settings: SentenceSettings;
}

/** Names that versions of sentence-transformers gave to this file, after the class of the model. */
export const sentenceConfigs: readonly string[] = [
  "sentence_bert_config.json",
  "sentence_roberta_config.json",
  "sentence_distilbert_config.json",
  "sentence_camembert_config.json",
  "sentence_albert_config.json",
  "sentence_xlm-roberta_config.json",
  "sentence_xlnet_config.json",
];

const adapterConfig = "adapter_config.json";

/** Modules that sentence-transformers cannot create without their config.json. */
const configured = new Set(["Dense", "LayerNorm", "Pooling"]);

/** Reads every small file of a model, and refuses a model that they show to be incomplete. */
export async function describeModel(files: ModelFiles): Promise<Description> {
  const entries = await readModuleList(files);
  const sentenceSettings = await readSentenceSettings(files);
  // sentence-transformers reads its own files only for models that have a modules.json.
  const settings = entries ? sentenceSettings : { prompts: {} };
  const root = entries?.[0]?.path ?? "";
  const config = await readConfig(files, root);
  const tokenizerConfig =
    (await readJsonObject(files, joinInner(root, "tokenizer_config.json"))) ?? {};
  const sentenceConfig = entries ? await readSentenceConfig(files, root) : {};
  const modules = entries && (await describeModules(files, entries, config));
  return { id: files.id, root, config, tokenizerConfig, sentenceConfig, modules, settings };
}

async function readConfig(files: ModelFiles, root: string): Promise<JsonObject> {
  const path = joinInner(root, "config.json");
  const config = await readJsonObject(files, path);
  await refuseAdapter(files, root);
  if (config) {
    refuseQuantized(config, files.locate(path));
    return config;
  }
  const other = (await describeOtherWeights(files)) || (await describeFolder(files));
  throw new ModelFileError(
    `is missing. A model has config.json, tokenizer.json and model.safetensors${other}`,
    { path: files.locate(path) },
  );
}

/**
 * An adapter changes the weights of another model. It may come alone or together with a copy of
 * that model.
 */
async function refuseAdapter(files: ModelFiles, root: string): Promise<void> {
  const path = joinInner(root, adapterConfig);
  if (!(await files.exists(path))) return;
  const { peft_type: type, base_model_name_or_path: base } =
    (await readJsonObject(files, path)) ?? {};
  const kind = typeof type === "string" ? ` of type ${type}` : "";
  const of = typeof base === "string" ? ` for ${JSON.stringify(base)}` : "";
  throw new ModelFileError(
    `is a PEFT adapter${kind}${of}, which ripvec cannot apply: merge it in Python (merge_and_unload) and save the whole model with save_pretrained(dir)`,
    { path: files.locate(path) },
  );
}

async function describeModules(
  files: ModelFiles,
  entries: readonly ModuleEntry[],
  modelConfig: JsonObject,
): Promise<Omit<ModelModule, "weights">[]> {
  const [first, ...others] = entries;
  if (!first) return [];
  const described = await mapConcurrently(others, async (entry) => ({
    ...entry,
    config: await readModuleConfig(files, entry),
  }));
  return [{ ...first, config: modelConfig }, ...described];
}

async function readModuleConfig(files: ModelFiles, entry: ModuleEntry): Promise<JsonObject> {
  const path = joinInner(entry.path, "config.json");
  const config = entry.path === "" ? undefined : await readJsonObject(files, path);
  if (config) return config;
  const kind = moduleKind(entry);
  if (kind === undefined || !configured.has(kind)) return {};
  throw new ModelFileError(
    `is missing. modules.json names a ${kind}, whose settings are in that file`,
    {
      path: files.locate(path),
    },
  );
}

async function readSentenceConfig(files: ModelFiles, root: string): Promise<JsonObject> {
  for (const name of sentenceConfigs) {
    const config = await readJsonObject(files, joinInner(root, name));
    if (config && Object.keys(config).length > 0) return withoutNulls(config);
  }
  return {};
}

/** sentence-transformers writes null for a setting that is not set. */
const withoutNulls = (config: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
