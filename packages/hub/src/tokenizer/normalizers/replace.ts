import { compilePattern } from "../regex/compile-pattern.js";
import type { StepFields } from "../step-fields.js";
import type { Normalizer } from "../steps.js";

/** Writes `content`, as it is, in place of every match of `pattern`. */
export function replace(step: StepFields): Normalizer {
  const content = step.text("content");
  const pattern = step.pattern("pattern");
  if (!pattern.isRegex && pattern.source !== "") {
    return (text) => text.replaceAll(pattern.source, () => content);
  }
  const { find } = compilePattern(pattern);
  return (text) => {
    let out = "";
    let end = 0;
    const matches = find(text);
    for (let i = 0; i < matches.length; i += 2) {
      out += text.slice(end, matches[i]) + content;
      end = matches[i + 1] ?? end;
    }
    return out + text.slice(end);
  };
}
