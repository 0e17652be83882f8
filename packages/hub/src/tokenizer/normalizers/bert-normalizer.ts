import type { StepFields } from "../step-fields.js";
import type { Normalizer } from "../steps.js";
import { lowercase } from "../unicode/lowercase.js";
import { normalForm } from "../unicode/normal-form.js";
import { bertIdeographs, bertMarks, bertRemoved, lazyRegExp, whiteSpace } from "../unicode/sets.js";
import { inSequence } from "./in-sequence.js";

const removed = lazyRegExp([bertRemoved], (body) => `[${body}]`);
const space = lazyRegExp([whiteSpace], (body) => `[${body}]`);
const ideograph = lazyRegExp([bertIdeographs], (body) => `[${body}]`);
const mark = lazyRegExp([bertMarks], (body) => `[${body}]`);

const isPrintableAscii = /^[ -~]*$/;

/** Cleans the text, sets ideographs apart, strips accents and lowercases, each if the file says so. */
export function bertNormalizer(step: StepFields): Normalizer {
  const lower = step.flag("lowercase");
  const strip = step.optionalFlag("strip_accents") ?? lower;
  const steps: Normalizer[] = [];
  if (step.flag("clean_text")) steps.push(cleanText);
  if (step.flag("handle_chinese_chars")) steps.push(spaceIdeographs);
  if (strip) steps.push(stripBertAccents);
  if (lower) steps.push(lowercase);
  const normalize = inSequence(steps);
  return (text) => {
    if (!isPrintableAscii.test(text)) return normalize(text);
    return lower ? text.toLowerCase() : text;
  };
}

const cleanText = (text: string): string => text.replace(removed(), "").replace(space(), " ");

const spaceIdeographs = (text: string): string => text.replace(ideograph(), " $& ");

const stripBertAccents = (text: string): string => normalForm(text, "NFD").replace(mark(), "");
