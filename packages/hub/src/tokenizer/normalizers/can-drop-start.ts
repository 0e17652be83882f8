import { readStep } from "../step-fields.js";

/**
 * Whether a normalizer may take the first characters of a text away. The reference then does not count what is left as
 * the start of the text, and Metaspace's `prepend_scheme: "first"` adds nothing to it.
 */
export function canDropStart(json: unknown): boolean {
  if (json === null || json === undefined) return false;
  const step = readStep(json, "normalizer");
  switch (step.type) {
    case "Sequence":
      return step.list("normalizers").some(canDropStart);
    case "BertNormalizer":
      return (
        step.flag("clean_text") || (step.optionalFlag("strip_accents") ?? step.flag("lowercase"))
      );
    case "Strip":
      return step.flag("strip_left");
    case "Replace":
      return step.text("content") === "";
    default:
      return step.type === "StripAccents" || step.type === "Nmt";
  }
}
