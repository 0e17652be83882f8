import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";

/**
 * The tokenizer with a Lowercase step before all other steps of its normalizer, unless it already
 * has a plain one. This is what `do_lower_case` of sentence_bert_config.json does in
 * sentence-transformers 5.4 and later. (Earlier versions lowercased the text before the tokenizer
 * saw it, added tokens included.)
 */
export function lowercaseFirst(json: JsonObject): JsonObject {
  const { normalizer } = json;
  if (!isJsonObject(normalizer)) return withSteps(json, []);
  const steps: unknown = normalizer.type === "Sequence" ? normalizer.normalizers : [normalizer];
  const list = Array.isArray(steps) ? steps.filter(isJsonObject) : [];
  return list.some((step) => step.type === "Lowercase") ? json : withSteps(json, list);
}

const withSteps = (json: JsonObject, steps: readonly JsonObject[]): JsonObject => ({
  ...json,
  normalizer: { type: "Sequence", normalizers: [{ type: "Lowercase" }, ...steps] },
});
