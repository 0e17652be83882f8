import { shown } from "../fields.js";
import type { StepPattern } from "../step-fields.js";
import { lazy } from "../unicode/lazy.js";
import { unlessRangeError } from "../unless-range-error.js";
import { emitPattern } from "./emit.js";
import { takesLinearTime } from "./linear-time.js";
import { matchesOf } from "./matches.js";
import { parsePattern } from "./parse.js";
import { literal } from "./pattern-parts.js";
import { createSearch } from "./search.js";
import { canBeEmpty, type Pattern } from "./syntax-tree.js";

export interface CompiledPattern {
  /** Whether it can match an empty text. */
  readonly canBeEmpty: boolean;
  /** Its matches: [start, end, start, end, …] in UTF-16 units; none in an empty text. */
  find(text: string): readonly number[];
  /**
   * As `find`, but yields where the caller may pause, unless JavaScript's engine finds all matches
   * in one call.
   */
  findInSteps(text: string): Generator<undefined, readonly number[], undefined>;
  /** Its matches if they are adjacent, not empty and cover the text; otherwise undefined. */
  cover(text: string): readonly string[] | undefined;
}

/** Longest pattern that is read, in UTF-16 units. Those of real tokenizers have a few hundred. */
const maxLength = 10_000;

/**
 * A pattern of tokenizer.json: a text, or a regular expression of Oniguruma. It takes time
 * proportional to the length of a text: it runs as a JavaScript expression where that is proven to
 * be linear, and otherwise by ripvec's own search. Throws an Error that names an unsupported
 * construct; `find` and `cover` throw ModelFileError when a text takes too many steps.
 */
export function compilePattern(step: StepPattern): CompiledPattern {
  const refuse = (problem: string, cause?: unknown): Error =>
    new Error(`the pattern ${shown(step.source)} ${problem}`, { cause });
  if (step.source.length > maxLength) throw refuse(`is longer than ${maxLength} characters`);
  try {
    return compile(step);
  } catch (error) {
    throw error instanceof RangeError ? refuse("is nested too deeply", error) : error;
  }
}

function compile({ source, isRegex }: StepPattern): CompiledPattern {
  const pattern = isRegex ? parsePattern(source) : literal(source);
  const isEmpty = canBeEmpty(pattern);
  if (takesLinearTime(pattern)) return { canBeEmpty: isEmpty, ...byExpression(pattern, source) };
  const search = createSearch(pattern, source);
  return {
    canBeEmpty: isEmpty,
    find: (text) => (text === "" ? [] : search.find(text)),
    *findInSteps(text) {
      return text === "" ? [] : yield* search.findInSteps(text);
    },
    cover: (text) => (text === "" ? [] : coverOf(text, search.find(text))),
  };
}

function byExpression(pattern: Pattern, source: string): Omit<CompiledPattern, "canBeEmpty"> {
  const expression = new RegExp(emitPattern(pattern), "gu");
  const search = lazy(() => createSearch(pattern, source));
  // V8 throws RangeError for matches of some millions of characters.
  const find = (text: string): readonly number[] =>
    text === "" ? [] : (unlessRangeError(() => matchesOf(expression, text)) ?? search().find(text));
  return {
    find,
    *findInSteps(text) {
      yield;
      return find(text);
    },
    cover: (text) => {
      const matches = unlessRangeError(() => text.match(expression) ?? []);
      return matches ? whole(text, matches) : coverOf(text, search().find(text));
    },
  };
}

/** The matches at these positions if they cover the text. */
function coverOf(text: string, places: readonly number[]): readonly string[] | undefined {
  const starts = places.filter((_, i) => i % 2 === 0);
  return whole(
    text,
    starts.map((start, i) => text.slice(start, places[2 * i + 1])),
  );
}

/** The matches if none is empty and their lengths add up to that of the text. */
function whole(text: string, matches: readonly string[]): readonly string[] | undefined {
  const isWhole = matches.reduce((sum, match) => sum + match.length, 0) === text.length;
  return isWhole && !matches.includes("") ? matches : undefined;
}
