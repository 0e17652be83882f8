import { noSteps, passOn, type Stage, type Steps } from "./stage.js";

/** Rewrites each character on its own. */
export class Mapping implements Stage {
  readonly #next: Stage;
  readonly #map: (text: string) => string;

  /** `map` must give for a text the concatenation of its results for the text's characters. */
  constructor(next: Stage, map: (text: string) => string) {
    this.#next = next;
    this.#map = map;
  }

  *text(part: string): Steps {
    yield* passOn(this.#next, this.#map(part));
  }

  *end(): Steps {
    yield* this.#next.end();
  }
}

/** Puts a prefix before each non-empty text. */
export class Prefixing implements Stage {
  readonly #next: Stage;
  readonly #prefixOf: (start: string) => string;
  #hasBegun = false;

  /** `prefixOf` gets the start of the text, at least one character. */
  constructor(next: Stage, prefixOf: (start: string) => string) {
    this.#next = next;
    this.#prefixOf = prefixOf;
  }

  *text(part: string): Steps {
    if (part === "") return;
    if (!this.#hasBegun) yield* passOn(this.#next, this.#prefixOf(part));
    this.#hasBegun = true;
    yield* this.#next.text(part);
  }

  *end(): Steps {
    this.#hasBegun = false;
    yield* this.#next.end();
  }
}

/** Yields the texts that a text becomes; may pause. */
export type Rewrite = (text: string) => Generator<undefined, readonly string[], undefined>;

/** Keeps a text until its end, for a step that must see the whole text. */
export class Whole implements Stage {
  readonly #next: Stage;
  readonly #rewrite: Rewrite;
  #parts: string[] = [];

  constructor(next: Stage, rewrite: Rewrite) {
    this.#next = next;
    this.#rewrite = rewrite;
  }

  text(part: string): Steps {
    this.#parts.push(part);
    return noSteps;
  }

  *end(): Steps {
    const text = this.#parts.join("");
    this.#parts = [];
    for (const part of yield* this.#rewrite(text)) {
      yield* passOn(this.#next, part);
      yield* this.#next.end();
      yield;
    }
  }
}
