import type { StepFields } from "../step-fields.js";
import type { Normalizer } from "../steps.js";
import { combiningMarks, includesSpace, lazyRegExp } from "../unicode/sets.js";

const mark = lazyRegExp([combiningMarks], (body) => `[${body}]`);

/** Takes white space away from the ends. */
export function strip(step: StepFields): Normalizer {
  const left = step.flag("strip_left");
  const right = step.flag("strip_right");
  return (text) => {
    let from = 0;
    let to = text.length;
    // White space lies below U+10000, so one unit at a time will do.
    if (left) while (from < to && includesSpace(text.charCodeAt(from))) from++;
    if (right) while (to > from && includesSpace(text.charCodeAt(to - 1))) to--;
    return text.slice(from, to);
  };
}

/** Takes combining marks away; letters that hold their accent stay. */
export const stripAccents: Normalizer = (text) => text.replace(mark(), "");
