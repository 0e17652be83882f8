import { ModelFileError, UnsupportedError } from "@ripvec/core";
import { type JsonObject, scaleName, type WeightSource } from "@ripvec/core/arch";
import { isJsonObject } from "./model-files.js";

/** The quantisation that is supported, as messages name it. */
const readable = "8 bits with a scale for each row (compressed-tensors, int-quantized)";

/** What to do about a model with another quantisation. */
export const quantizedRemedy =
  "Use the model that it was made from; ripvec convert <model> --dtype i8 --out <dir> writes it in 8 bits";

/**
 * The fields in which a config.json states a quantisation: those of transformers, earlier
 * compressed-tensors, MLX.
 */
const keys = ["quantization_config", "compression_config", "quantization"] as const;

/**
 * Throws UnsupportedError that names the quantisation stated by `config` unless it is supported,
 * and ModelFileError where the statement is malformed.
 */
export function refuseQuantized(config: JsonObject, path: string): void {
  for (const key of keys) {
    const stated = config[key] ?? {};
    if (!isJsonObject(stated)) throw new ModelFileError(`${key} must be an object`, { path });
    if (isEmpty(stated)) continue;
    const method = methodOf(stated);
    const why = method === rowMethod ? otherThanRows(stated) : undefined;
    if (method === rowMethod && why === undefined) continue;
    throw new UnsupportedError({
      what: `${key} of ${path}${why === undefined ? "" : ` (${why})`}`,
      value: method,
      supported: [readable],
      remedy: quantizedRemedy,
    });
  }
}

/** Throws ModelFileError when `config` states a quantisation and no tensor has scales. */
export function expectQuantized(config: JsonObject, weights: WeightSource): void {
  const key = keys.find((name) => isJsonObject(config[name]) && !isEmpty(config[name]));
  if (key === undefined || weights.names.some((name) => weights.has(scaleName(name)))) return;
  throw new ModelFileError(
    `has no tensor with scales, but ${key} of config.json says that its weights are in 8 bits: one of the two files belongs to another model`,
    { path: weights.path },
  );
}

const rowMethod = "compressed-tensors";

function methodOf(stated: JsonObject): unknown {
  if (stated.load_in_4bit === true || stated.load_in_8bit === true) return "bitsandbytes";
  const isMlx = stated.bits !== undefined && stated.group_size !== undefined;
  return stated.quant_method ?? stated.quant_algo ?? (isMlx ? "mlx" : "unnamed");
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}

type Test = (value: unknown) => boolean;
const absent: Test = (value) => (value ?? false) === false;
const empty: Test = (value) => absent(value) || (isJsonObject(value) && isEmpty(value));
const among =
  (...values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value);

/**
 * Values of the fields under which an int8 tensor times the scale of its row is the weight.
 * `undefined` is among the values where that is the default of compressed-tensors. Models saved as
 * "frozen" hold integers as "compressed" ones do.
 */
const fields: Readonly<Record<string, Test>> = {
  quantization_status: among("compressed", "frozen"),
  kv_cache_scheme: absent,
  transform_config: empty,
  sparsity_config: (value) => empty(value) || (isJsonObject(value) && value.format === "dense"),
};
const groupFields: Readonly<Record<string, Test>> = {
  format: among("int-quantized"),
  output_activations: absent,
  /** Activations that are quantised dynamically, per token, need nothing from the file. */
  input_activations: (value) => absent(value) || (isJsonObject(value) && value.dynamic === true),
};
const weightFields: Readonly<Record<string, Test>> = {
  num_bits: among(undefined, 8),
  type: among(undefined, "int"),
  symmetric: among(undefined, true),
  strategy: among("channel"),
  dynamic: absent,
  group_size: absent,
  block_structure: absent,
  actorder: absent,
};

/**
 * The first field with another value, and that value; undefined when all fields have supported
 * values.
 */
function otherThanRows(stated: JsonObject): string | undefined {
  const wrong = wrongField(stated, fields, "");
  if (wrong !== undefined) return wrong;
  const groups = isJsonObject(stated.config_groups) ? Object.entries(stated.config_groups) : [];
  if (groups.length === 0) return "config_groups is empty";
  for (const [name, group] of groups) {
    const place = `config_groups.${name}`;
    if (!isJsonObject(group) || !isJsonObject(group.weights)) return `${place} has no weights`;
    const withFormat = { ...group, format: group.format ?? stated.format };
    const other =
      wrongField(withFormat, groupFields, `${place}.`) ??
      wrongField(group.weights, weightFields, `${place}.weights.`);
    if (other !== undefined) return other;
  }
  return undefined;
}

function wrongField(
  object: JsonObject,
  tests: Readonly<Record<string, Test>>,
  place: string,
): string | undefined {
  const wrong = Object.entries(tests).find(([name, test]) => !test(object[name]));
  if (!wrong) return undefined;
  const [name] = wrong;
  return `${place}${name} is ${JSON.stringify(object[name]) ?? "absent"}`;
}
