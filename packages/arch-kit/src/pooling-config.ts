import { type Pooling, UnsupportedError } from "@ripvec/core";
import type { ModelDescription } from "@ripvec/core/arch";
import { JsonFields } from "./json-fields.js";
import type { KnownModule } from "./module-kinds.js";

/** The flags of older files, which have no `pooling_mode`, in the order in which their vectors are concatenated. */
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

export interface PoolingConfig {
  /** The vectors of several modes are concatenated in this order. */
  readonly modes: readonly Pooling[];
  /** False: the tokens of the prompt are not pooled. */
  readonly includePrompt: boolean;
}

/**
 * Reads the config.json of a Pooling module, in its old form (flags) or its new form (`pooling_mode`), for token vectors
 * of `width` values. `chosen` replaces the modes of the file. Throws UnsupportedError for a mode that is not known.
 */
export function readPooling(
  model: ModelDescription,
  module: KnownModule,
  width: number,
  chosen: Pooling | undefined,
): PoolingConfig {
  const json = new JsonFields(`${model.id}/${module.path}/config.json`, module.config);
  checkWidth(json, width);
  // sentence-transformers takes null for false here.
  const includePrompt = module.config.include_prompt !== null && json.flag("include_prompt", true);
  if (chosen) return { modes: [chosen], includePrompt };
  const named = json.has("pooling_mode") ? namedModes(json) : flaggedModes(json, module);
  return { modes: named.map(knownMode), includePrompt };
}

/** The width is required, as in sentence-transformers, under its new or its old name. */
function checkWidth(json: JsonFields, width: number): void {
  const key = json.firstOf("embedding_dimension", "word_embedding_dimension");
  const actual = json.has(key) ? json.count(key) : undefined;
  if (actual !== width) json.fail(key, `${width}, the width of token vectors`, actual);
}

function knownMode(name: string): Pooling {
  const mode = poolingOfMode.get(name);
  if (mode) return mode;
  const supported = [...poolingOfMode.keys()];
  throw new UnsupportedError({ what: "pooling", value: name, supported });
}

/** `pooling_mode` is a name or a list of names. */
function namedModes(json: JsonFields): readonly string[] {
  const value = json.get("pooling_mode");
  if (!Array.isArray(value)) return [json.text("pooling_mode").toLowerCase()];
  if (value.length === 0) json.fail("pooling_mode", "a mode, or a list of modes", value);
  return value.map(String);
}

/** The modes whose flags are true, or else the mean. An unknown flag counts as a mode of its own, which is refused later. */
function flaggedModes(json: JsonFields, { config }: KnownModule): readonly string[] {
  const unknown = Object.keys(config).filter(
    (key) => key.startsWith("pooling_mode_") && !modeOfFlag.has(key),
  );
  const modes = [...modeOfFlag.keys(), ...unknown]
    .filter((key) => json.flag(key, false))
    .map((key) => modeOfFlag.get(key) ?? key);
  return modes.length > 0 ? modes : ["mean"];
}
