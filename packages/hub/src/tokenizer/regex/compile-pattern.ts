import { emitPattern } from "./emit.js";
import { matchesOf } from "./matches.js";
import { parsePattern } from "./parse.js";

/**
 * Finds the matches of a pattern of tokenizer.json, a text or an expression of Oniguruma: [start, end, start, end, …] in
 * UTF-16 units; none in an empty text. Throws an Error that names the construct which is not supported.
 */
export function compilePattern({
  source,
  isRegex,
}: {
  readonly source: string;
  readonly isRegex: boolean;
}): (text: string) => readonly number[] {
  const literal = (): string => source.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const expression = new RegExp(isRegex ? emitPattern(parsePattern(source)) : literal(), "gu");
  return (text) => (text === "" ? [] : matchesOf(expression, text));
}
