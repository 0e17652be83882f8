import fc from "fast-check";
import { parsePattern } from "../../../src/tokenizer/regex/parse.js";
import type { Pattern } from "../../../src/tokenizer/regex/syntax-tree.js";

/** A pattern in Oniguruma's syntax, and its parsed form. */
export interface RandomPattern {
  readonly source: string;
  readonly pattern: Pattern;
}

const characters = ["a", "b", "c", "é", "👩", " ", "\\n"];
const classes = ["[ab]", "[^a]", "[a-c👩]", "\\w", "\\s", "\\S", ".", "(?i:a)", "\\R"];
const places = ["^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "(?!\\S)", "(?<=a)", "(?<!b|c)"];
const quantifiers = [
  "*",
  "+",
  "?",
  "*?",
  "+?",
  "??",
  "*+",
  "++",
  "?+",
  "{2}",
  "{1,2}",
  "{2,}",
  "{0,3}?",
];
const groups = ["(", "(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!"];

const { source } = fc.letrec<{ source: string; sequence: string; item: string; atom: string }>(
  (tie) => ({
    source: fc.array(tie("sequence"), { minLength: 1, maxLength: 4 }).map((all) => all.join("|")),
    sequence: fc.array(tie("item"), { minLength: 1, maxLength: 4 }).map((all) => all.join("")),
    item: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.tuple(tie("atom"), fc.constantFrom("", "", ...quantifiers)).map((all) => all.join("")),
      { weight: 1, arbitrary: fc.constantFrom(...places) },
    ),
    atom: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 3, arbitrary: fc.constantFrom(...characters) },
      { weight: 3, arbitrary: fc.constantFrom(...classes) },
      fc.tuple(fc.constantFrom(...groups), tie("source")).map(([open, body]) => `${open}${body})`),
    ),
  }),
);

/** Patterns that are supported. */
export const randomPattern: fc.Arbitrary<RandomPattern> = readable(source);

/**
 * Patterns of runs, as tokenizers have them: alternatives of a character, a run and a required
 * continuation.
 */
export const runPattern: fc.Arbitrary<RandomPattern> = readable(
  fc
    .array(
      fc.tuple(
        fc.constantFrom("", "", "a", "a?", " ?", "[ab]?", "[^ab]?"),
        fc.constantFrom(
          "a*",
          "a+",
          "[ab]*",
          "[ab]+",
          "\\s*",
          "\\s+",
          "\\S+",
          "[^b]+",
          "a++",
          ".+?",
        ),
        fc.constantFrom(
          "",
          "",
          "b?",
          "b",
          "a",
          "\\n+",
          "[ab]+",
          "(?!\\S)",
          "(?!\\s)",
          "(?!a)",
          "$",
          "b*",
        ),
        fc.constantFrom("", "", "", "c?", "(?=b)", "[bc]*"),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((all) => all.map((parts) => parts.join("")).join("|")),
);

function readable(sources: fc.Arbitrary<string>): fc.Arbitrary<RandomPattern> {
  return sources
    .map((text) => ({ source: text, pattern: readOrUndefined(text) }))
    .filter((read): read is RandomPattern => read.pattern !== undefined);
}

function readOrUndefined(text: string): Pattern | undefined {
  try {
    return parsePattern(text);
  } catch {
    return undefined;
  }
}

export const randomText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom("a", "a", "b", "c", "A", "é", "👩", " ", " ", "\n", "\r", "-"), {
    maxLength: 12,
  })
  .map((all) => all.join(""));
