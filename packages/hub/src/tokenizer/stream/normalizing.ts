import { LongNormalForm } from "../unicode/long-normal-form.js";
import type { NormalForm } from "../unicode/normalize-parts.js";
import { passOn, type Stage, type Steps } from "./stage.js";

/** Converts a text to a Unicode normal form. */
export class Normalizing implements Stage {
  readonly #next: Stage;
  readonly #normalizer: LongNormalForm;

  constructor(next: Stage, form: NormalForm) {
    this.#next = next;
    this.#normalizer = new LongNormalForm(form);
  }

  *text(part: string): Steps {
    yield* this.#handOn(this.#normalizer.add(part));
  }

  *end(): Steps {
    yield* this.#handOn(this.#normalizer.end());
    yield* this.#next.end();
  }

  *#handOn(parts: Iterable<string | undefined>): Steps {
    for (const part of parts) {
      if (part === undefined) yield;
      else yield* passOn(this.#next, part);
    }
  }
}
