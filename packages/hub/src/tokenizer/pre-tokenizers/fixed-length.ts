import type { StepFields } from "../step-fields.js";
import type { PreTokenizer } from "../steps.js";

/** Pieces of `length` characters; the last may be shorter. */
export function fixedLength(step: StepFields): PreTokenizer {
  const length = step.count("length", 5);
  return ({ text, atStart }) => {
    const characters = Array.from(text);
    return Array.from({ length: Math.ceil(characters.length / length) }, (_, i) => ({
      text: characters.slice(i * length, (i + 1) * length).join(""),
      atStart: atStart && i === 0,
    }));
  };
}
