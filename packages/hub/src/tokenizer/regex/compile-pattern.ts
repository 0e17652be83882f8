import type { StepPattern } from "../step-fields.js";
import { emitPattern } from "./emit.js";
import { matchesOf } from "./matches.js";
import { parsePattern } from "./parse.js";
import { canBeEmpty } from "./syntax-tree.js";

export interface CompiledPattern {
  /** Whether it may match nothing. */
  readonly canBeEmpty: boolean;
  /** Where it matches: [start, end, start, end, …] in UTF-16 units; nowhere in an empty text. */
  find(text: string): readonly number[];
  /** Its matches, if they are next to each other, not empty and all of the text; else undefined. */
  cover(text: string): readonly string[] | undefined;
}

/**
 * A pattern of tokenizer.json: a text, or an expression of Oniguruma. Throws an Error that names the construct which is
 * not supported.
 */
export function compilePattern({ source, isRegex }: StepPattern): CompiledPattern {
  const parsed = isRegex ? parsePattern(source) : undefined;
  const literal = (): string => source.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const expression = new RegExp(parsed ? emitPattern(parsed) : literal(), "gu");
  return {
    canBeEmpty: parsed ? canBeEmpty(parsed) : source === "",
    find: (text) => (text === "" ? [] : matchesOf(expression, text)),
    cover: (text) => {
      const matches: readonly string[] = text.match(expression) ?? [];
      const isWhole = matches.reduce((sum, match) => sum + match.length, 0) === text.length;
      return isWhole && !matches.includes("") ? matches : undefined;
    },
  };
}
