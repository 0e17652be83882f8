import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import type { TokenizerFiles } from "./tokenizer-files.js";

/**
 * The most tokens of one text that tokenizer_config.json allows (`model_max_length`, in old files
 * `max_len`); undefined where the field is absent or, as transformers writes it, a huge number.
 */
export function lengthLimit({ tokenizerConfig, locate }: TokenizerFiles): number | undefined {
  const { model_max_length, max_len } = tokenizerConfig;
  const limit = model_max_length === undefined ? max_len : model_max_length;
  if (limit === undefined || limit === null) return undefined;
  if (typeof limit === "number" && limit >= hugeLength) return undefined;
  if (typeof limit === "number" && Number.isInteger(limit) && limit > 0) return limit;
  throw new ModelFileError(
    `model_max_length must be a whole number above 0, got ${JSON.stringify(limit)}`,
    {
      path: locate("tokenizer_config.json"),
    },
  );
}

/** transformers writes 10³⁰ for "no limit"; no model has positions for that many tokens. */
const hugeLength = 1e9;

/**
 * The end of a text that is cut off: `truncation_side`, else the direction in tokenizer.json, else
 * "right".
 */
export function readTruncationSide({
  tokenizerConfig,
  vocabulary,
  locate,
}: TokenizerFiles): "left" | "right" {
  const truncation = vocabulary.kind === "tokenizer.json" ? vocabulary.json.truncation : undefined;
  const inFile = isJsonObject(truncation) ? truncation.direction : undefined;
  const side =
    tokenizerConfig.truncation_side === undefined
      ? String(inFile ?? "right").toLowerCase()
      : tokenizerConfig.truncation_side;
  if (side === "left" || side === "right") return side;
  throw new ModelFileError(
    `truncation_side must be "left" or "right", got ${JSON.stringify(side)}`,
    {
      path: locate("tokenizer_config.json"),
    },
  );
}

/** Whether the tokenizer gives token types: `model_input_names`, else the default of its class. */
export function readTokenTypes(
  { tokenizerConfig, locate }: TokenizerFiles,
  byClass: boolean,
): boolean {
  const names = tokenizerConfig.model_input_names;
  if (names === undefined) return byClass;
  if (Array.isArray(names)) return names.includes("token_type_ids");
  throw new ModelFileError("model_input_names must be a list", {
    path: locate("tokenizer_config.json"),
  });
}

/** Refuses settings that would change the tokenizer in an unsupported way. */
export function refuseOtherSettings(files: TokenizerFiles): void {
  const { tokenizerConfig, locate } = files;
  const refuse = (what: string): never => {
    throw new ModelFileError(`${what} is not supported`, { path: locate("tokenizer_config.json") });
  };
  if (tokenizerConfig.fix_mistral_regex === true) refuse("fix_mistral_regex");
  const inputs = tokenizerConfig.init_inputs;
  if (Array.isArray(inputs) && inputs.length > 0) refuse("a filled init_inputs");
  const versions = tokenizerConfig.fast_tokenizer_files;
  if (Array.isArray(versions) && versions.some((name) => name !== "tokenizer.json")) {
    refuse("a tokenizer.json for each version of transformers (fast_tokenizer_files)");
  }
  refuseArguments(files.sentenceConfig, locate("sentence_bert_config.json"));
}

/**
 * sentence-transformers passes them to the tokenizer, where they override tokenizer_config.json.
 */
function refuseArguments(sentenceConfig: JsonObject, path: string): void {
  for (const key of ["tokenizer_args", "processor_kwargs"]) {
    const given = sentenceConfig[key];
    if (given === undefined || given === null) continue;
    if (!isJsonObject(given)) throw new ModelFileError(`${key} must be an object`, { path });
    const names = Object.keys(given).filter((name) => !ignoredSettings.has(name));
    if (names.length === 0) continue;
    throw new ModelFileError(
      `${key} sets ${names.join(", ")}: put it into tokenizer_config.json instead`,
      { path },
    );
  }
}

const ignoredSettings = new Set([
  "use_fast",
  "padding_side",
  "clean_up_tokenization_spaces",
  "trust_remote_code",
]);
