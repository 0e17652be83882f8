import type { StepFields } from "../step-fields.js";
import type { Normalizer } from "../steps.js";
import { combiningMarks, includesSpace, lazyRegExp } from "../unicode/sets.js";

const mark = lazyRegExp([combiningMarks], (body) => `[${body}]`);

/** Removes white space from the ends. */
export function strip(step: StepFields): Normalizer {
  const left = step.flag("strip_left");
  const right = step.flag("strip_right");
  return (text) => {
    let from = 0;
    let to = text.length;
    // White space lies below U+10000, so it is enough to read single units.
    if (left) while (from < to && includesSpace(text.charCodeAt(from))) from++;
    if (right) while (to > from && includesSpace(text.charCodeAt(to - 1))) to--;
    return text.slice(from, to);
  };
}

/** Removes combining marks. Precomposed letters keep their accents. */
export const stripAccents: Normalizer = (text) => text.replace(mark(), "");
