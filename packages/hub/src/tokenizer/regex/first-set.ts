import { type CodePointSet, everything, union } from "../unicode/code-point-set.js";
import { canBeEmpty, type Pattern } from "./syntax-tree.js";

/**
 * A set that contains every character that a match can begin with; all characters when a match can
 * be empty.
 */
export function firstSet(pattern: Pattern): CodePointSet {
  return canBeEmpty(pattern) ? everything : beginning(pattern);
}

/** As firstSet, for the non-empty matches only. */
function beginning(pattern: Pattern): CodePointSet {
  switch (pattern.kind) {
    case "set":
      return pattern.set;
    case "anchor":
    case "look":
      return [];
    case "atomic":
    case "repeat":
      return beginning(pattern.item);
    case "choice":
      return union(...pattern.items.map(beginning));
    case "sequence": {
      const certain = pattern.items.findIndex((item) => !canBeEmpty(item));
      const items = certain < 0 ? pattern.items : pattern.items.slice(0, certain + 1);
      return union(...items.map(beginning));
    }
    default:
      return pattern satisfies never;
  }
}
