import type { Automaton } from "../automaton/automaton.js";
import type { SplitBehavior } from "../pre-tokenizers/split-piece.js";
import { Matching } from "./matching.js";
import { noSteps, type Stage, type Steps } from "./stage.js";

/**
 * Splits at the matches of a pattern, as `splitPiece` does: each piece ends with `end`, and none is
 * empty.
 */
export class Splitting extends Matching {
  readonly #next: Stage;
  readonly #behavior: SplitBehavior;
  readonly #invert: boolean;
  /** Whether the part that was begun last is a delimiter; undefined at the start of a text. */
  #isDelimiter: boolean | undefined;
  #isInGap = false;
  /** Whether a piece has begun. */
  #isOpen = false;

  constructor(automaton: Automaton, next: Stage, behavior: SplitBehavior, invert = false) {
    super(automaton);
    this.#next = next;
    this.#behavior = behavior;
    this.#invert = invert;
  }

  protected override *gap(text: string): Steps {
    if (!this.#isInGap) yield* this.#begin(this.#invert);
    this.#isInGap = true;
    yield* this.#put(text);
  }

  protected override *matchStart(): Steps {
    this.#isInGap = false;
    yield* this.#begin(!this.#invert);
  }

  protected override *matchText(text: string): Steps {
    yield* this.#put(text);
  }

  protected override matchEnd(): Steps {
    return noSteps;
  }

  protected override *textEnd(): Steps {
    yield* this.#cut();
    this.#isDelimiter = undefined;
    this.#isInGap = false;
  }

  *#begin(isDelimiter: boolean): Steps {
    const before = this.#isDelimiter;
    if (before !== undefined && this.#cutsBetween(before, isDelimiter)) yield* this.#cut();
    this.#isDelimiter = isDelimiter;
  }

  #cutsBetween(before: boolean, after: boolean): boolean {
    switch (this.#behavior) {
      case "Removed":
      case "Isolated":
        return true;
      case "MergedWithPrevious":
        return before || !after;
      case "MergedWithNext":
        return !before || after;
      case "Contiguous":
        return before !== after;
      default:
        return this.#behavior satisfies never;
    }
  }

  *#put(text: string): Steps {
    if (this.#behavior === "Removed" && this.#isDelimiter) return;
    this.#isOpen = true;
    yield* this.#next.text(text);
  }

  *#cut(): Steps {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    yield* this.#next.end();
  }
}
