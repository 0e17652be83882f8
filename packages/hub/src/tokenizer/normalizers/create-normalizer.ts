import { readStep, type StepFields } from "../step-fields.js";
import type { Normalizer } from "../steps.js";
import { byteCharacters } from "../unicode/byte-characters.js";
import { lowercase } from "../unicode/lowercase.js";
import { normalForm } from "../unicode/normal-form.js";
import { bertNormalizer } from "./bert-normalizer.js";
import { type LimitedNormalizer, lengthLimit, limited } from "./growth.js";
import { nmt } from "./nmt.js";
import { PrecompiledCharsmap } from "./precompiled-charsmap.js";
import { replace } from "./replace.js";
import { strip, stripAccents } from "./strip.js";

/**
 * The normalizer that `normalizer` of tokenizer.json describes; null leaves the text unchanged.
 * Throws an Error that names the step and its field when it is malformed, unknown, or has an
 * unsupported pattern. The normalizer throws ModelFileError that names the step when a text grows
 * beyond `lengthLimit`.
 */
export function createNormalizer(json: unknown): Normalizer {
  if (json === null || json === undefined) return (text) => text;
  const normalize = createStep(json);
  return (text) => normalize(text, lengthLimit(text));
}

function createStep(json: unknown): LimitedNormalizer {
  const step = readStep(json, "normalizer");
  return limited(step, normalizerOf(step));
}

function normalizerOf(step: StepFields): LimitedNormalizer {
  switch (step.type) {
    case "BertNormalizer":
      return bertNormalizer(step);
    case "Strip":
      return strip(step);
    case "StripAccents":
      return stripAccents;
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD": {
      const form = step.type;
      return (text) => normalForm(text, form);
    }
    case "Sequence": {
      const steps = step.list("normalizers").map(createStep);
      return (text, maxLength) => steps.reduce((part, next) => next(part, maxLength), text);
    }
    case "Lowercase":
      return lowercase;
    case "Nmt":
      return nmt;
    case "Precompiled":
      return precompiled(step);
    case "Replace":
      return replace(step);
    case "Prepend":
      return prepend(step);
    case "ByteLevel":
      return byteCharacters;
    default:
      throw step.error("is not supported");
  }
}

function prepend(step: StepFields): Normalizer {
  const start = step.text("prepend");
  if (start === "") throw step.error('"prepend" must not be empty');
  return (text) => (text === "" ? text : start + text);
}

function precompiled(step: StepFields): LimitedNormalizer {
  const base64 = step.text("precompiled_charsmap");
  try {
    const charsmap = new PrecompiledCharsmap(base64);
    return (text, maxLength) => charsmap.normalize(text, maxLength);
  } catch {
    throw step.error('"precompiled_charsmap" is not such a table');
  }
}
