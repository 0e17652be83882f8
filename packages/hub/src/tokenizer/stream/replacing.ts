import type { Automaton } from "../automaton/automaton.js";
import { Matching } from "./matching.js";
import { noSteps, passOn, type Stage, type Steps } from "./stage.js";

/** Writes `content` in place of every match. */
export class Replacing extends Matching {
  readonly #next: Stage;
  readonly #content: string;

  constructor(automaton: Automaton, next: Stage, content: string) {
    super(automaton);
    this.#next = next;
    this.#content = content;
  }

  protected override *gap(text: string): Steps {
    yield* this.#next.text(text);
  }

  protected override *matchStart(): Steps {
    yield* passOn(this.#next, this.#content);
  }

  protected override matchText(): Steps {
    return noSteps;
  }

  protected override matchEnd(): Steps {
    return noSteps;
  }

  protected override *textEnd(): Steps {
    yield* this.#next.end();
  }
}

/**
 * Rewrites clusters of characters; clusters of at least `longest` UTF-16 units are rewritten
 * character by character.
 */
export class ClusterMapping extends Matching {
  readonly #next: Stage;
  readonly #map: (cluster: string) => string;
  readonly #longest: number;
  #cluster = "";
  #isLong = false;

  constructor(
    automaton: Automaton,
    next: Stage,
    { map, longest }: { readonly map: (cluster: string) => string; readonly longest: number },
  ) {
    super(automaton);
    this.#next = next;
    this.#map = map;
    this.#longest = longest;
  }

  protected override *gap(text: string): Steps {
    yield* this.#next.text(text);
  }

  protected override matchStart(): Steps {
    this.#cluster = "";
    this.#isLong = false;
    return noSteps;
  }

  protected override *matchText(text: string): Steps {
    this.#cluster += text;
    if (!this.#isLong && this.#cluster.length < this.#longest) return;
    this.#isLong = true;
    const characters = Array.from(this.#cluster);
    this.#cluster = "";
    yield* passOn(this.#next, characters.map(this.#map).join(""));
  }

  protected override *matchEnd(): Steps {
    if (this.#cluster !== "") yield* passOn(this.#next, this.#map(this.#cluster));
    this.#cluster = "";
  }

  protected override *textEnd(): Steps {
    yield* this.#next.end();
  }
}
