import { ModelFileError, UnsupportedError } from "@ripvec/core";
import type { Model } from "./model.js";
import { isJsonObject, type ModelFiles, readJsonObject } from "./model-files.js";

/** The settings in config_sentence_transformers.json for vectors and texts. */
export type SentenceSettings = Pick<
  Model,
  "prompts" | "defaultPromptName" | "similarityFunction" | "truncateDim"
>;

const name = "config_sentence_transformers.json";

/**
 * The name of sentence-transformers for a model of dense text vectors; version 5 and later write
 * it.
 */
const denseModel = "SentenceTransformer";

/**
 * Reads the prompts, truncate_dim and the similarity function; no other setting changes a vector or
 * its use. Throws ModelFileError, and UnsupportedError when the file says that the model is of
 * another kind (CrossEncoder, SparseEncoder).
 */
export async function readSentenceSettings(files: ModelFiles): Promise<SentenceSettings> {
  const config = (await readJsonObject(files, name)) ?? {};
  const refuse = (message: string) => new ModelFileError(message, { path: files.locate(name) });
  const kind = config.model_type ?? denseModel;
  if (kind !== denseModel) {
    throw new UnsupportedError({
      what: `model_type in ${name}`,
      value: kind,
      supported: [denseModel],
    });
  }
  const prompts = readPrompts(config.prompts, refuse);
  const truncateDim = readTruncateDim(config.truncate_dim, refuse);
  const similarityFunction = readSimilarity(config.similarity_fn_name, refuse);
  const settings = { prompts, truncateDim, ...(similarityFunction && { similarityFunction }) };
  const defaultPromptName = config.default_prompt_name ?? undefined;
  if (defaultPromptName === undefined) return settings;
  if (typeof defaultPromptName !== "string" || !Object.hasOwn(prompts, defaultPromptName)) {
    throw refuse(
      `default_prompt_name ${JSON.stringify(defaultPromptName)} is not among the prompts`,
    );
  }
  return { ...settings, defaultPromptName };
}

type Refuse = (message: string) => ModelFileError;

/** A prompt that is null is not set. */
function readPrompts(value: unknown, refuse: Refuse): Model["prompts"] {
  const prompts = value ?? {};
  if (!isJsonObject(prompts)) throw refuse("prompts must be an object whose values are strings");
  const texts = Object.entries(prompts).filter(([, text]) => text !== null);
  for (const [key, text] of texts) {
    if (typeof text !== "string") throw refuse(`prompt ${JSON.stringify(key)} must be a string`);
  }
  return Object.fromEntries(texts) as Model["prompts"];
}

function readTruncateDim(value: unknown, refuse: Refuse): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw refuse(`truncate_dim must be a whole number of at least 1, got ${JSON.stringify(value)}`);
}

function readSimilarity(value: unknown, refuse: Refuse): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw refuse(`similarity_fn_name must be a string, got ${JSON.stringify(value)}`);
}
