import type { Automaton, State } from "../automaton/automaton.js";
import { stepLimit, tooMuchWork } from "../regex/work-limit.js";
import { codePointBefore } from "../unicode/code-point-before.js";
import { type Stage, type Steps, stepLength } from "./stage.js";

/**
 * Finds the matches of a pattern one after the other, as `matchesOf` does, in a text that arrives
 * in parts. A match is passed on as far as it is final, before its end is known. Throws
 * ModelFileError when a pattern with long parts that restart at every position takes more steps
 * than a text of this length may cost.
 */
export abstract class Matching implements Stage {
  readonly #automaton: Automaton;
  #text = "";
  /** The text before this position was passed on. */
  #handedOn = 0;
  /** A match is sought from this position on. */
  #start = 0;
  /** The next character to read. */
  #at = 0;
  #state: State;
  /** The end of the longest match so far; -1: there is none. */
  #matchEnd = -1;
  /** Class of the character before `#start`. */
  #before: number;
  /** Whether the previous match ends at `#start`. */
  #isBehindMatch = false;
  /** Whether a part of this match was passed on. */
  #isOpen = false;
  #isEmpty = true;
  /** Number of characters read, counted over all parts, because parts may be short and many. */
  #steps = 0;
  /** UTF-16 units of all parts. */
  #units = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#before = automaton.edgeClass;
    this.#state = automaton.start(this.#before);
  }

  /** Text outside of matches; a gap may arrive in several parts. */
  protected abstract gap(text: string): Steps;
  protected abstract matchStart(): Steps;
  /** A non-empty part of the match. */
  protected abstract matchText(text: string): Steps;
  protected abstract matchEnd(): Steps;
  protected abstract textEnd(): Steps;

  *text(part: string): Steps {
    if (part === "") return;
    this.#isEmpty = false;
    this.#text += part;
    this.#units += part.length;
    yield* this.#run(false);
    yield* this.#handOn();
    const done = this.#start;
    this.#text = this.#text.slice(done);
    this.#handedOn = 0;
    this.#start = 0;
    this.#at -= done;
    if (this.#matchEnd >= 0) this.#matchEnd -= done;
  }

  *end(): Steps {
    if (!this.#isEmpty) {
      yield* this.#run(true);
      yield* this.#handOn();
    }
    this.#text = "";
    this.#handedOn = 0;
    this.#before = this.#automaton.edgeClass;
    this.#isBehindMatch = false;
    this.#isEmpty = true;
    this.#restart(0);
    yield* this.textEnd();
  }

  *#run(isWhole: boolean): Steps {
    const automaton = this.#automaton;
    const { edgeClass } = automaton;
    for (;;) {
      const isAtEnd = this.#at === this.#text.length;
      if (isAtEnd && !isWhole) return;
      const code = isAtEnd ? 0 : (this.#text.codePointAt(this.#at) ?? 0);
      const next = isAtEnd ? edgeClass : automaton.classOf(code);
      const { isMatch, to } = automaton.move(this.#state, next);
      if (isMatch) this.#matchEnd = this.#at;
      if (to) {
        this.#state = to;
        this.#at += sizeOf(code);
      } else if (this.#isMatched()) {
        yield* this.#close();
      } else if (!this.#skip()) return;
      if (++this.#steps % stepLength !== 0) continue;
      if (this.#steps > stepLimit(this.#units)) throw tooMuchWork(automaton.source, this.#units);
      yield;
    }
  }

  /** Whether the result is a match; an empty match right after another one is not. */
  #isMatched(): boolean {
    if (this.#matchEnd > this.#start || this.#isOpen) return true;
    return this.#matchEnd === this.#start && !this.#isBehindMatch;
  }

  /** The match ends at `#matchEnd`. */
  *#close(): Steps {
    yield* this.#handOn();
    if (!this.#isOpen) yield* this.matchStart();
    yield* this.matchEnd();
    this.#isOpen = false;
    this.#isBehindMatch = true;
    this.#restart(this.#start);
  }

  /** Seeks the match one character later; false when the text has ended. */
  #skip(): boolean {
    if (this.#start === this.#text.length) return false;
    const code = this.#text.codePointAt(this.#start) ?? 0;
    this.#before = this.#automaton.classOf(code);
    this.#isBehindMatch = false;
    this.#restart(this.#start + sizeOf(code));
    return true;
  }

  #restart(start: number): void {
    this.#start = start;
    this.#at = start;
    this.#state = this.#automaton.start(this.#before);
    this.#matchEnd = -1;
  }

  /**
   * Passes on the gap before `#start`, and the part of the match that is final, since it can only
   * become longer.
   */
  *#handOn(): Steps {
    const [start, end] = [this.#start, this.#matchEnd];
    if (start > this.#handedOn) yield* this.gap(this.#text.slice(this.#handedOn, start));
    this.#handedOn = start;
    if (end <= start) return;
    if (!this.#isOpen) yield* this.matchStart();
    this.#isOpen = true;
    yield* this.matchText(this.#text.slice(start, end));
    this.#handedOn = end;
    this.#start = end;
    this.#before = this.#automaton.classOf(codePointBefore(this.#text, end));
  }
}

const sizeOf = (code: number): number => (code > 0xffff ? 2 : 1);
