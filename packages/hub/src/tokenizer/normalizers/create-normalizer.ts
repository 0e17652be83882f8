import { readStep, type StepFields } from "../step-fields.js";
import type { Normalizer } from "../steps.js";
import { byteCharacters } from "../unicode/byte-characters.js";
import { lowercase } from "../unicode/lowercase.js";
import { normalForm } from "../unicode/normal-form.js";
import { bertNormalizer } from "./bert-normalizer.js";
import { inSequence } from "./in-sequence.js";
import { nmt } from "./nmt.js";
import { PrecompiledCharsmap } from "./precompiled-charsmap.js";
import { replace } from "./replace.js";
import { strip, stripAccents } from "./strip.js";

/**
 * The normalizer that `normalizer` of tokenizer.json describes; null leaves the text as it is. Throws an Error that
 * names the step and its field when it is malformed, unknown, or has a pattern that is not supported.
 */
export function createNormalizer(json: unknown): Normalizer {
  return json === null || json === undefined ? (text) => text : createStep(json);
}

function createStep(json: unknown): Normalizer {
  const step = readStep(json, "normalizer");
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
    case "Sequence":
      return inSequence(step.list("normalizers").map(createStep));
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
      throw step.error("is not known");
  }
}

function prepend(step: StepFields): Normalizer {
  const start = step.text("prepend");
  if (start === "") throw step.error('"prepend" must not be empty');
  return (text) => (text === "" ? text : start + text);
}

function precompiled(step: StepFields): Normalizer {
  const base64 = step.text("precompiled_charsmap");
  try {
    const charsmap = new PrecompiledCharsmap(base64);
    return (text) => charsmap.normalize(text);
  } catch {
    throw step.error('"precompiled_charsmap" is no such table');
  }
}
