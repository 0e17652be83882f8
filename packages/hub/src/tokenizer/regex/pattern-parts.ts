import { type CodePointSet, setOf } from "../unicode/code-point-set.js";
import type { CharacterSet, Pattern } from "./syntax-tree.js";

/** A pattern of one character of a set. */
export const anyOf = (set: CodePointSet, isFolded = false): CharacterSet => ({
  kind: "set",
  set,
  isFolded,
});

/** A pattern of this text alone. */
export function literal(text: string): Pattern {
  const items = Array.from(text, (character) => anyOf(setOf(character.codePointAt(0) ?? 0)));
  return { kind: "sequence", items };
}

/** As many as possible of a part, at least `min`. */
export const manyOf = (item: Pattern, min: number): Pattern => ({
  kind: "repeat",
  item,
  min,
  max: Infinity,
  mode: "greedy",
});

/** A pattern of one character or more of a set. */
export const runOf = (set: CodePointSet): Pattern => manyOf(anyOf(set), 1);
