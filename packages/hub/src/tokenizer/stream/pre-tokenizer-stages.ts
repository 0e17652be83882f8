import { type Automaton, ownAutomaton } from "../automaton/automaton.js";
import { gpt2Words } from "../pre-tokenizers/byte-level.js";
import { createPreTokenizer } from "../pre-tokenizers/create-pre-tokenizer.js";
import { type SplitBehavior, splitBehaviors, splitPiece } from "../pre-tokenizers/split-piece.js";
import { compilePattern } from "../regex/compile-pattern.js";
import { parsePattern } from "../regex/parse.js";
import { anyOf, literal, runOf } from "../regex/pattern-parts.js";
import type { Pattern } from "../regex/syntax-tree.js";
import { readStep, type StepFields } from "../step-fields.js";
import { byteCharacters } from "../unicode/byte-characters.js";
import { complement, union } from "../unicode/code-point-set.js";
import { lazy } from "../unicode/lazy.js";
import { rustWord } from "../unicode/rust-word.js";
import { numeric, punctuation, whiteSpace } from "../unicode/sets.js";
import { CuttingLengths, CuttingScripts } from "./cutting.js";
import { patternAutomaton } from "./pattern-automaton.js";
import { Mapping, Prefixing, Whole } from "./simple-stages.js";
import { Splitting } from "./splitting.js";
import { inSequence, type StageMaker } from "./stage.js";

/** Properties of the text that enters the first pre-tokenizer. */
export interface TextPlace {
  /** Whether it begins at the start of the whole text. */
  atStart: boolean;
}

/**
 * Splits a text as `createPreTokenizer` does, part by part; each piece ends with `end`. The JSON
 * must have been checked.
 */
export function preTokenizerStages(json: unknown): (place: TextPlace) => StageMaker {
  if (json === null || json === undefined) return () => (next) => next;
  const step = readStep(json, "pre-tokenizer");
  if (step.type === "Metaspace") return metaspace(step);
  if (step.type === "Sequence") {
    const inner = step.list("pretokenizers").map(preTokenizerStages);
    return (place) => inSequence(inner.map((make) => make(place)));
  }
  const make = stepStages(json, step);
  return () => make;
}

function stepStages(json: unknown, step: StepFields): StageMaker {
  switch (step.type) {
    case "BertPreTokenizer": {
      const spaced = union(punctuation(), whiteSpace());
      return keeping({
        kind: "choice",
        items: [anyOf(punctuation()), runOf(complement(spaced))],
      });
    }
    case "Whitespace": {
      const word = rustWord();
      const others = complement(union(word, whiteSpace()));
      return keeping({ kind: "choice", items: [runOf(word), runOf(others)] });
    }
    case "WhitespaceSplit":
      return keeping(runOf(complement(whiteSpace())));
    case "ByteLevel":
      return byteLevel(step);
    case "CharDelimiterSplit":
      return splitting(ownAutomaton(literal(step.character("delimiter"))), "Removed");
    case "Split": {
      const pattern = step.pattern("pattern");
      const automaton = patternAutomaton(pattern);
      const behavior = step.choice("behavior", splitBehaviors);
      if (automaton) return splitting(automaton, behavior, step.flag("invert"));
      return pattern.isRegex ? searched(step, behavior) : whole(json);
    }
    case "Punctuation": {
      const behavior = step.choice("behavior", splitBehaviors, "Isolated");
      return splitting(ownAutomaton(anyOf(punctuation())), behavior);
    }
    case "Digits": {
      const behavior = step.flag("individual_digits") ? "Isolated" : "Contiguous";
      return splitting(ownAutomaton(anyOf(numeric())), behavior);
    }
    case "UnicodeScripts":
      return (next) => new CuttingScripts(next);
    case "FixedLength": {
      const length = step.count("length", 5);
      return (next) => new CuttingLengths(next, length);
    }
    default:
      return whole(json);
  }
}

function whole(json: unknown): StageMaker {
  const cut = createPreTokenizer(json);
  return (next) =>
    new Whole(next, function* (text) {
      yield;
      return cut({ text, atStart: false }).map((piece) => piece.text);
    });
}

/** Splits at the matches of a pattern that has no automaton. */
function searched(step: StepFields, behavior: SplitBehavior): StageMaker {
  const { findInSteps } = compilePattern(step.pattern("pattern"));
  const invert = step.flag("invert");
  return (next) =>
    new Whole(next, function* (text) {
      const matches = yield* findInSteps(text);
      const piece = { text, atStart: false };
      return splitPiece(piece, () => matches, behavior, invert).map((part) => part.text);
    });
}

function splitting(automaton: Automaton, behavior: SplitBehavior, invert = false): StageMaker {
  return (next) => new Splitting(automaton, next, behavior, invert);
}

/** The pieces are the matches. */
function keeping(pattern: Pattern): StageMaker {
  return splitting(ownAutomaton(pattern), "Removed", true);
}

const gpt2Automaton = lazy(() => ownAutomaton(parsePattern(gpt2Words)));

function byteLevel(step: StepFields): StageMaker {
  const addSpace: StageMaker = (next) =>
    new Prefixing(next, (start) => (start.startsWith(" ") ? "" : " "));
  const toBytes: StageMaker = (next) => new Mapping(next, byteCharacters);
  const cutsWords = step.optionalFlag("use_regex") ?? true;
  return inSequence([
    ...(step.flag("add_prefix_space") ? [addSpace] : []),
    ...(cutsWords ? [splitting(gpt2Automaton(), "Isolated")] : []),
    toBytes,
  ]);
}

function metaspace(step: StepFields): (place: TextPlace) => StageMaker {
  const mark = step.character("replacement");
  const scheme = step.choice("prepend_scheme", ["always", "first", "never"], "always");
  const toMarks: StageMaker = (next) =>
    new Mapping(next, (text) => text.replaceAll(" ", () => mark));
  const split = splitting(ownAutomaton(literal(mark)), "MergedWithNext");
  const cut = (step.optionalFlag("split") ?? true) ? [split] : [];
  return (place) => {
    const prefixOf = (start: string): string => {
      const prepends = scheme === "always" || (scheme === "first" && place.atStart);
      return prepends && !start.startsWith(mark) ? mark : "";
    };
    return inSequence([toMarks, (next) => new Prefixing(next, prefixOf), ...cut]);
  };
}
