import { type Automaton, createAutomaton } from "../automaton/automaton.js";
import { takesLinearTime } from "../regex/linear-time.js";
import { parsePattern } from "../regex/parse.js";
import { literal } from "../regex/pattern-parts.js";
import type { StepPattern } from "../step-fields.js";

/**
 * The automaton of a pattern of tokenizer.json. Undefined when it has none, and when a search that
 * restarts at every position might read much more than the text.
 */
export function patternAutomaton({ source, isRegex }: StepPattern): Automaton | undefined {
  const pattern = isRegex ? parsePattern(source) : literal(source);
  return takesLinearTime(pattern) ? createAutomaton(pattern, source) : undefined;
}
