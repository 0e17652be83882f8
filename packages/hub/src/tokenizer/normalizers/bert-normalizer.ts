import type { StepFields } from "../step-fields.js";
import type { Normalizer } from "../steps.js";
import { lowercase } from "../unicode/lowercase.js";
import { normalForm } from "../unicode/normal-form.js";
import type { NormalForm } from "../unicode/normalize-parts.js";
import { bertIdeographs, bertMarks, bertRemoved, lazyRegExp, whiteSpace } from "../unicode/sets.js";
import { inSequence } from "./in-sequence.js";

const removed = lazyRegExp([bertRemoved], (body) => `[${body}]`);
const space = lazyRegExp([whiteSpace], (body) => `[${body}]`);
const ideograph = lazyRegExp([bertIdeographs], (body) => `[${body}]`);
const mark = lazyRegExp([bertMarks], (body) => `[${body}]`);

const isPrintableAscii = /^[ -~]*$/;

/**
 * Cleans the text, separates ideographs, strips accents and lowercases, each when the file enables
 * it.
 */
export function bertNormalizer(step: StepFields): Normalizer {
  const lower = step.flag("lowercase");
  const normalize = inSequence(
    bertSteps(step).map((inner) =>
      typeof inner === "string" ? (text) => normalForm(text, inner) : inner,
    ),
  );
  return (text) => {
    if (!isPrintableAscii.test(text)) return normalize(text);
    return lower ? text.toLowerCase() : text;
  };
}

/**
 * The parts of a BertNormalizer: a normal form, and a replacement for each character on its own.
 */
export function bertSteps(step: StepFields): readonly (NormalForm | Normalizer)[] {
  const lower = step.flag("lowercase");
  const strip = step.optionalFlag("strip_accents") ?? lower;
  return [
    ...(step.flag("clean_text") ? [cleanText] : []),
    ...(step.flag("handle_chinese_chars") ? [spaceIdeographs] : []),
    ...(strip ? ["NFD" as const, removeMarks] : []),
    ...(lower ? [lowercase] : []),
  ];
}

const cleanText = (text: string): string => text.replace(removed(), "").replace(space(), " ");

const spaceIdeographs = (text: string): string => text.replace(ideograph(), " $& ");

const removeMarks = (text: string): string => text.replace(mark(), "");
