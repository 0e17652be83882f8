import type { CodePointSet } from "../unicode/code-point-set.js";

/** A zero-width condition on a position in the text. */
export type Anchor =
  | "textStart"
  | "textEnd"
  | "textEndOrLastNewline"
  | "lineStart"
  | "lineEnd"
  | "wordBoundary"
  | "noWordBoundary";

export interface Repeat {
  readonly kind: "repeat";
  readonly item: Pattern;
  readonly min: number;
  /** Infinity when there is no bound. */
  readonly max: number;
  readonly mode: "greedy" | "lazy" | "possessive";
}

export interface CharacterSet {
  readonly kind: "set";
  readonly set: CodePointSet;
  /**
   * Whether it is one letter whose case is ignored: a few of these in a row may equal one
   * character.
   */
  readonly isFolded: boolean;
}

/**
 * A regular expression with its options resolved, case folded into the sets, and groups removed.
 */
export type Pattern =
  | CharacterSet
  | Repeat
  | { readonly kind: "anchor"; readonly anchor: Anchor }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "choice"; readonly items: readonly Pattern[] }
  /** What was matched once is kept. */
  | { readonly kind: "atomic"; readonly item: Pattern }
  | {
      readonly kind: "look";
      readonly item: Pattern;
      readonly isBehind: boolean;
      readonly isNegative: boolean;
    };

/** Whether it can match an empty text. */
export function canBeEmpty(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "set":
      return false;
    case "anchor":
    case "look":
      return true;
    case "atomic":
      return canBeEmpty(pattern.item);
    case "repeat":
      return pattern.min === 0 || canBeEmpty(pattern.item);
    case "sequence":
      return pattern.items.every(canBeEmpty);
    case "choice":
      return pattern.items.some(canBeEmpty);
    default:
      return pattern satisfies never;
  }
}

/**
 * Whether a part of it is not re-entered once matched: an atomic group or a possessive quantifier.
 */
export function keepsMatches(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "set":
    case "anchor":
      return false;
    case "atomic":
      return true;
    case "repeat":
      return pattern.mode === "possessive" || keepsMatches(pattern.item);
    case "look":
      return keepsMatches(pattern.item);
    case "sequence":
    case "choice":
      return pattern.items.some(keepsMatches);
    default:
      return pattern satisfies never;
  }
}

/** The number of characters that it matches, or undefined when that is not constant. */
export function fixedLength(pattern: Pattern): number | undefined {
  switch (pattern.kind) {
    case "set":
      return 1;
    case "anchor":
    case "look":
      return 0;
    case "atomic":
      return fixedLength(pattern.item);
    case "repeat": {
      const length = fixedLength(pattern.item);
      return length === undefined || pattern.min !== pattern.max ? undefined : length * pattern.min;
    }
    case "sequence": {
      const lengths = pattern.items.map(fixedLength);
      return lengths.reduce(
        (sum, length) => (sum === undefined || length === undefined ? undefined : sum + length),
        0,
      );
    }
    case "choice": {
      const [first, ...others] = pattern.items.map(fixedLength);
      return others.every((length) => length === first) ? first : undefined;
    }
    default:
      return pattern satisfies never;
  }
}
