import { type CodePointSet, setOf } from "../unicode/code-point-set.js";
import type { CharacterSet, Pattern } from "./syntax-tree.js";

/** A pattern for one character of a set. */
export const anyOf = (set: CodePointSet, isFolded = false): CharacterSet => ({
  kind: "set",
  set,
  isFolded,
});

/** A pattern for exactly this text. */
export function literal(text: string): Pattern {
  const items = Array.from(text, (character) => anyOf(setOf(character.codePointAt(0) ?? 0)));
  return { kind: "sequence", items };
}

/** As many repetitions of a part as possible, at least `min`. */
export const manyOf = (item: Pattern, min: number): Pattern => ({
  kind: "repeat",
  item,
  min,
  max: Infinity,
  mode: "greedy",
});

/** A pattern for one or more characters of a set. */
export const runOf = (set: CodePointSet): Pattern => manyOf(anyOf(set), 1);
