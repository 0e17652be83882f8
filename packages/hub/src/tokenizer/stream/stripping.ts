import { spacesEnd, spacesStart } from "../text-edges.js";
import type { Stage, Steps } from "./stage.js";

/** Removes white space from the ends. */
export class Stripping implements Stage {
  readonly #next: Stage;
  readonly #left: boolean;
  readonly #right: boolean;
  #hasBegun = false;
  /** White space that is removed if the text ends after it. */
  #held: string[] = [];

  constructor(next: Stage, { left, right }: { readonly left: boolean; readonly right: boolean }) {
    this.#next = next;
    this.#left = left;
    this.#right = right;
  }

  *text(part: string): Steps {
    const start = this.#left && !this.#hasBegun ? spacesEnd(part, 0) : 0;
    if (start === part.length) return;
    this.#hasBegun = true;
    const end = this.#right ? Math.max(spacesStart(part, part.length), start) : part.length;
    if (end > start) {
      yield* this.#release();
      yield* this.#next.text(part.slice(start, end));
    }
    if (end < part.length) this.#held.push(part.slice(end));
  }

  *end(): Steps {
    this.#hasBegun = false;
    this.#held = [];
    yield* this.#next.end();
  }

  *#release(): Steps {
    const held = this.#held;
    this.#held = [];
    for (const part of held) {
      yield* this.#next.text(part);
      yield;
    }
  }
}
