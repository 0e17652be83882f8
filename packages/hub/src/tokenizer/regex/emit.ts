import { classBody } from "../unicode/code-point-set.js";
import { bareWordCharacters } from "../unicode/oniguruma-classes.js";
import { type Anchor, canBeEmpty, type Pattern, type Repeat } from "./syntax-tree.js";

/**
 * A pattern in JavaScript's syntax, for the flag u and no other flag that changes a meaning. Every
 * class is written out, so that the engine's Unicode version does not matter.
 */
export function emitPattern(pattern: Pattern): string {
  return new Emitter().emit(pattern);
}

class Emitter {
  #captures = 0;

  emit(pattern: Pattern): string {
    switch (pattern.kind) {
      case "set":
        return `[${classBody(pattern.set)}]`;
      case "anchor":
        return anchor(pattern.anchor);
      case "sequence":
        return pattern.items.map((item) => this.emit(item)).join("") || "(?:)";
      case "choice":
        return `(?:${pattern.items.map((item) => this.emit(item)).join("|")})`;
      case "look": {
        const mark = `${pattern.isBehind ? "<" : ""}${pattern.isNegative ? "!" : "="}`;
        return `(?${mark}${this.emit(pattern.item)})`;
      }
      case "atomic":
        return this.#atomic(pattern.item);
      case "repeat":
        return this.#repeat(pattern);
      default:
        return pattern satisfies never;
    }
  }

  /** A look-ahead is atomic; the back-reference to its group then consumes what it matched. */
  #atomic(item: Pattern): string {
    const group = ++this.#captures;
    return `(?:(?=(${this.emit(item)}))\\${group})`;
  }

  #repeat({ item, min, max, mode }: Repeat): string {
    if (item.kind !== "set" && mode === "possessive") {
      return this.#atomic({ kind: "repeat", item, min, max, mode: "greedy" });
    }
    // JavaScript rejects an empty match of an optional part and tries its other alternatives.
    if (min === 0 && max === 1 && canBeEmpty(item)) {
      return mode === "lazy" ? `(?:|${this.emit(item)})` : `(?:${this.emit(item)}|)`;
    }
    const bounds = `{${min},${max === Infinity ? "" : max}}`;
    if (mode === "possessive") {
      const set = this.emit(item);
      // The character after a whole run of a set is not in the set. An optional run is skipped only
      // when that character is not in the set either.
      return max === 1 ? `(?:${set}|(?!${set}))` : `(?:${set}${bounds}(?!${set}))`;
    }
    const body = item.kind === "set" ? this.emit(item) : `(?:${this.emit(item)})`;
    return `${body}${bounds}${mode === "lazy" ? "?" : ""}`;
  }
}

function anchor(kind: Anchor): string {
  switch (kind) {
    case "textStart":
      return "^";
    case "textEnd":
      return "$";
    case "textEndOrLastNewline":
      return "(?=\\n?$)";
    case "lineStart":
      return "(?:^|(?<=\\n)(?!$))";
    case "lineEnd":
      return "(?=\\n|$)";
    case "wordBoundary":
      return wordBoundary("<!", "<=");
    case "noWordBoundary":
      return wordBoundary("<=", "<!");
    default:
      return kind satisfies never;
  }
}

/**
 * `beforeWord` is the look-behind that must hold for a boundary before a word character,
 * `beforeOther` the one for a boundary before any other character.
 */
function wordBoundary(beforeWord: string, beforeOther: string): string {
  const word = `[${classBody(bareWordCharacters())}]`;
  return `(?:(?${beforeWord}${word})(?=${word})|(?${beforeOther}${word})(?!${word}))`;
}
