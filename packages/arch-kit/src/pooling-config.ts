import { type Pooling, UnsupportedError } from "@ripvec/core";
import type { ModelDescription } from "@ripvec/core/arch";
import { JsonFields } from "./json-fields.js";
import type { KnownModule } from "./module-kinds.js";

/** Flags that older files have instead of `pooling_mode`, in the order in which their vectors stand. */
const modeOfFlag: ReadonlyMap<string, string> = new Map([
  ["pooling_mode_cls_token", "cls"],
  ["pooling_mode_max_tokens", "max"],
  ["pooling_mode_mean_tokens", "mean"],
  ["pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens"],
  ["pooling_mode_weightedmean_tokens", "weightedmean"],
  ["pooling_mode_lasttoken", "lasttoken"],
]);

const poolingOfMode: ReadonlyMap<string, Pooling> = new Map([
  ["cls", "cls"],
  ["max", "max"],
  ["mean", "mean"],
  ["mean_sqrt_len_tokens", "mean_sqrt_len_tokens"],
  ["weightedmean", "weightedmean"],
  ["lasttoken", "last"],
]);

export const poolings: readonly Pooling[] = [...poolingOfMode.values()];

/** Vectors of each mode stand side by side. */
export interface PoolingConfig {
  readonly modes: readonly Pooling[];
  /** False: tokens of the prompt are left out. */
  readonly includePrompt: boolean;
}

/**
 * Reads 1_Pooling/config.json in its old form (flags) or its new one (`pooling_mode`), for token vectors of
 * `width`. `chosen` stands for the modes of the file. Throws UnsupportedError that names any other mode.
 */
export function readPooling(
  model: ModelDescription,
  module: KnownModule,
  width: number,
  chosen: Pooling | undefined,
): PoolingConfig {
  const json = new JsonFields(`${model.id}/${module.path}/config.json`, module.config);
  checkWidth(json, width);
  // null counts as false there.
  const includePrompt = module.config.include_prompt !== null && json.flag("include_prompt", true);
  if (chosen) return { modes: [chosen], includePrompt };
  const named = json.has("pooling_mode") ? namedModes(json, module) : flaggedModes(json, module);
  return { modes: named.map(knownMode), includePrompt };
}

/** Under its old or its new name. A file without it is no such file: sentence-transformers fails too. */
function checkWidth(json: JsonFields, width: number): void {
  const key = ["embedding_dimension", "word_embedding_dimension"].find((name) => json.has(name));
  const actual = key && json.count(key);
  if (actual === width) return;
  json.fail(key ?? "embedding_dimension", `${width}, the width of token vectors`, actual);
}

function knownMode(name: string): Pooling {
  const mode = poolingOfMode.get(name);
  if (mode) return mode;
  const supported = [...poolingOfMode.keys()];
  throw new UnsupportedError({ what: "pooling", value: name, supported });
}

/** A name, or a list of names. */
function namedModes(json: JsonFields, { config }: KnownModule): readonly string[] {
  const value = config.pooling_mode;
  if (!Array.isArray(value)) return [json.text("pooling_mode").toLowerCase()];
  if (value.length === 0) json.fail("pooling_mode", "a mode, or a list of modes", value);
  return value.map(String);
}

/** The flags that are true; the mean where none is. A flag that is not known is named as it is. */
function flaggedModes(json: JsonFields, { config }: KnownModule): readonly string[] {
  const unknown = Object.keys(config).filter(
    (key) => key.startsWith("pooling_mode_") && !modeOfFlag.has(key),
  );
  const modes = [...modeOfFlag.keys(), ...unknown]
    .filter((key) => json.flag(key, false))
    .map((key) => modeOfFlag.get(key) ?? key);
  return modes.length > 0 ? modes : ["mean"];
}
