import { bertSteps } from "../normalizers/bert-normalizer.js";
import { createNormalizer } from "../normalizers/create-normalizer.js";
import { lengthLimit, limited } from "../normalizers/growth.js";
import { nmt } from "../normalizers/nmt.js";
import { maxClusterBytes, PrecompiledCharsmap } from "../normalizers/precompiled-charsmap.js";
import { replaceAt } from "../normalizers/replace.js";
import { stripAccents } from "../normalizers/strip.js";
import { compilePattern } from "../regex/compile-pattern.js";
import { readStep, type StepFields } from "../step-fields.js";
import { byteCharacters } from "../unicode/byte-characters.js";
import { lowercase } from "../unicode/lowercase.js";
import { clusterAutomaton } from "./cluster-automaton.js";
import { Normalizing } from "./normalizing.js";
import { patternAutomaton } from "./pattern-automaton.js";
import { ClusterMapping, Replacing } from "./replacing.js";
import { Mapping, Prefixing, Whole } from "./simple-stages.js";
import { inSequence, type StageMaker } from "./stage.js";
import { Stripping } from "./stripping.js";

/** Rewrites a text as `createNormalizer` does, part by part. The JSON must have been checked. */
export function normalizerStages(json: unknown): StageMaker {
  if (json === null || json === undefined) return (next) => next;
  const step = readStep(json, "normalizer");
  switch (step.type) {
    case "BertNormalizer":
      return bertNormalizer(step);
    case "Strip": {
      const sides = { left: step.flag("strip_left"), right: step.flag("strip_right") };
      return (next) => new Stripping(next, sides);
    }
    case "StripAccents":
      return mapping(stripAccents);
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD": {
      const form = step.type;
      return (next) => new Normalizing(next, form);
    }
    case "Sequence":
      return inSequence(step.list("normalizers").map(normalizerStages));
    case "Lowercase":
      return mapping(lowercase);
    case "Nmt":
      return mapping(nmt);
    case "Precompiled":
      return precompiled(step);
    case "Replace":
      return replace(json, step);
    case "Prepend": {
      const start = step.text("prepend");
      return (next) => new Prefixing(next, () => start);
    }
    case "ByteLevel":
      return mapping(byteCharacters);
    default:
      return whole(json);
  }
}

const mapping =
  (map: (text: string) => string): StageMaker =>
  (next) =>
    new Mapping(next, map);

function whole(json: unknown): StageMaker {
  const normalize = createNormalizer(json);
  return (next) =>
    new Whole(next, function* (text) {
      yield;
      return [normalize(text)];
    });
}

function bertNormalizer(step: StepFields): StageMaker {
  return inSequence(
    bertSteps(step).map((inner) =>
      typeof inner === "string" ? (next) => new Normalizing(next, inner) : mapping(inner),
    ),
  );
}

function precompiled(step: StepFields): StageMaker {
  const charsmap = new PrecompiledCharsmap(step.text("precompiled_charsmap"));
  const options = {
    map: (cluster: string) => charsmap.replaced(cluster),
    longest: maxClusterBytes,
  };
  return (next) => new ClusterMapping(clusterAutomaton(), next, options);
}

function replace(json: unknown, step: StepFields): StageMaker {
  const pattern = step.pattern("pattern");
  const content = step.text("content");
  const automaton = patternAutomaton(pattern);
  if (automaton) return (next) => new Replacing(automaton, next, content);
  return pattern.isRegex ? searched(step, content) : whole(json);
}

/** Replaces the matches of a pattern that has no automaton. */
function searched(step: StepFields, content: string): StageMaker {
  const { findInSteps } = compilePattern(step.pattern("pattern"));
  return (next) =>
    new Whole(next, function* (text) {
      const matches = yield* findInSteps(text);
      const replaced = limited(step, (whole, maxLength) =>
        replaceAt(whole, matches, { content, maxLength }),
      );
      return [replaced(text, lengthLimit(text))];
    });
}
