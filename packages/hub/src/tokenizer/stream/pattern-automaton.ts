import { type Automaton, createAutomaton } from "../automaton/automaton.js";
import { parsePattern } from "../regex/parse.js";
import type { Pattern } from "../regex/syntax-tree.js";
import type { StepPattern } from "../step-fields.js";
import { type CodePointSet, setOf } from "../unicode/code-point-set.js";

/** The automaton of a pattern of tokenizer.json; undefined when it has none. */
export function patternAutomaton({ source, isRegex }: StepPattern): Automaton | undefined {
  return createAutomaton(isRegex ? parsePattern(source) : literal(source), source);
}

/** A pattern of this text alone. */
export function literal(text: string): Pattern {
  const items = Array.from(text, (character) => anyOf(setOf(character.codePointAt(0) ?? 0)));
  return { kind: "sequence", items };
}

/** A pattern of one character of a set. */
export const anyOf = (set: CodePointSet): Pattern => ({ kind: "set", set, isFolded: false });

/** A pattern of one character or more of a set. */
export const runOf = (set: CodePointSet): Pattern => ({
  kind: "repeat",
  item: anyOf(set),
  min: 1,
  max: Infinity,
  mode: "greedy",
});
