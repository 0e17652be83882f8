import { isJsonObject } from "../model-files.js";
import { compilePattern } from "./regex/compile-pattern.js";
import { readStep } from "./step-fields.js";

/**
 * Throws ModelFileError where a normalizer replaces matches that can be empty by a text: what is inserted so belongs to
 * no character of the text, and the steps behind repeat it in the reference, or make it fail.
 */
export function refuseInserts(normalizer: unknown): void {
  if (!isJsonObject(normalizer)) return;
  if (Array.isArray(normalizer.normalizers)) normalizer.normalizers.forEach(refuseInserts);
  if (normalizer.type !== "Replace" || normalizer.content === "") return;
  const step = readStep(normalizer, "normalizer");
  const pattern = step.pattern("pattern");
  if (pattern.isRegex ? !compilePattern(pattern).canBeEmpty : pattern.source !== "") return;
  throw step.error('"pattern" can match nothing, for which the reference has no sound result');
}
