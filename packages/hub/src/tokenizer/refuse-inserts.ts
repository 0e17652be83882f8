import { isJsonObject } from "../model-files.js";
import { compilePattern } from "./regex/compile-pattern.js";
import { readStep } from "./step-fields.js";

/**
 * Throws ModelFileError when a normalizer replaces matches that can be empty by a text. Inserted
 * text belongs to no character of the original; later steps of the reference then repeat it or
 * fail.
 */
export function refuseInserts(normalizer: unknown): void {
  if (!isJsonObject(normalizer)) return;
  if (Array.isArray(normalizer.normalizers)) normalizer.normalizers.forEach(refuseInserts);
  if (normalizer.type !== "Replace" || normalizer.content === "") return;
  const step = readStep(normalizer, "normalizer");
  const pattern = step.pattern("pattern");
  if (pattern.isRegex ? !compilePattern(pattern).canBeEmpty : pattern.source !== "") return;
  throw step.error(
    '"pattern" can match an empty text, for which the Rust library gives undefined results',
  );
}
