import { scriptClassOf } from "../pre-tokenizers/unicode-scripts.js";
import type { Stage, Steps } from "./stage.js";

/** The class of characters that belong to every script, as in `unicodeScripts`. */
const any = 0;

/** Splits where the script changes, as `unicodeScripts` does. */
export class CuttingScripts implements Stage {
  readonly #next: Stage;
  #script = any;

  constructor(next: Stage) {
    this.#next = next;
  }

  *text(part: string): Steps {
    let start = 0;
    let at = 0;
    for (const character of part) {
      const script = scriptClassOf(character.codePointAt(0) ?? 0);
      if (script !== any && script !== this.#script) {
        yield* this.#put(part.slice(start, at));
        start = at;
        if (this.#script !== any) yield* this.#next.end();
        this.#script = script;
      }
      at += character.length;
    }
    yield* this.#put(part.slice(start));
  }

  *end(): Steps {
    if (this.#script !== any) yield* this.#next.end();
    this.#script = any;
  }

  /** The text before the first letter of any script is dropped. */
  *#put(text: string): Steps {
    if (this.#script !== any && text !== "") yield* this.#next.text(text);
  }
}

/** Splits after every `length` characters. */
export class CuttingLengths implements Stage {
  readonly #next: Stage;
  readonly #length: number;
  /** Number of characters in the current piece. */
  #count = 0;

  constructor(next: Stage, length: number) {
    this.#next = next;
    this.#length = length;
  }

  *text(part: string): Steps {
    const characters = Array.from(part);
    for (let at = 0; at < characters.length; ) {
      const end = at + this.#length - this.#count;
      const taken = characters.slice(at, end);
      yield* this.#next.text(taken.join(""));
      this.#count += taken.length;
      at += taken.length;
      if (this.#count < this.#length) continue;
      this.#count = 0;
      yield* this.#next.end();
    }
  }

  *end(): Steps {
    if (this.#count > 0) yield* this.#next.end();
    this.#count = 0;
  }
}
