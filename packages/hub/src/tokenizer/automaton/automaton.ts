import type { Pattern } from "../regex/syntax-tree.js";
import { includes } from "../unicode/code-point-set.js";
import { unlessRangeError } from "../unless-range-error.js";
import { CharacterClasses } from "./character-classes.js";
import { compileProgram, edge, type Program } from "./program.js";

/** The most states that are kept. Beyond this number they are discarded and made again. */
const maxStates = 2_000;

/**
 * The instructions that wait for the next character, in order of preference, and the class of the
 * previous character.
 */
export interface State {
  readonly waiting: readonly number[];
  readonly before: number;
  /** Transitions by the class of the next character. */
  readonly moves: (Move | undefined)[];
}

export interface Move {
  /** Whether a match ends before the character. A match that `to` leads to is preferred. */
  readonly isMatch: boolean;
  /** Undefined when no longer match is possible. */
  readonly to: State | undefined;
}

/**
 * Runs a pattern over a text character by character and finds the match that a backtracking search
 * would find first. Its states are made when they are first needed.
 */
export class Automaton {
  readonly source: string;
  readonly #program: Program;
  readonly #classes: CharacterClasses;
  readonly #looksBehind: boolean;
  #states = new Map<string, State>();

  /**
   * `source`: the pattern, for messages. Throws RangeError when the program needs too many
   * character classes.
   */
  constructor(program: Program, source: string) {
    this.source = source;
    this.#program = program;
    const tests = program.flatMap((each) => (each.kind === "test" ? [each.test] : []));
    const taken = program.flatMap((each) => (each.kind === "take" ? [each.set] : []));
    const sets = new Set([...taken, ...tests.flatMap((test) => test.sets)]);
    this.#classes = new CharacterClasses([...sets]);
    this.#looksBehind = tests.some((test) => test.looksBehind);
  }

  classOf(code: number): number {
    return this.#classes.of(code);
  }

  /** Class of the positions outside of the text. */
  get edgeClass(): number {
    return this.#classes.count;
  }

  /** The state before a match that begins after a character of class `before`. */
  start(before: number): State {
    return this.#state([0], before);
  }

  move(state: State, next: number): Move {
    const known = state.moves[next];
    if (known) return known;
    const move = this.#move(state, next);
    state.moves[next] = move;
    return move;
  }

  #state(waiting: readonly number[], before: number): State {
    const previous = this.#looksBehind ? before : 0;
    const key = `${previous}:${waiting.join()}`;
    const known = this.#states.get(key);
    if (known) return known;
    if (this.#states.size >= maxStates) this.#states = new Map();
    const state: State = { waiting, before: previous, moves: [] };
    this.#states.set(key, state);
    return state;
  }

  #move({ waiting, before }: State, next: number): Move {
    const isEdge = next === this.edgeClass;
    const code = this.#memberOf(next);
    const { taking, isMatch } = this.#reach(waiting, this.#memberOf(before), code);
    const to = isEdge ? [] : taking.filter((at) => this.#takes(at, code)).map((at) => at + 1);
    return { isMatch, to: to.length > 0 ? this.#state(to, next) : undefined };
  }

  #memberOf(index: number): number {
    return index === this.edgeClass ? edge : this.#classes.memberOf(index);
  }

  #takes(at: number, code: number): boolean {
    const instruction = this.#program[at];
    return instruction?.kind === "take" && includes(instruction.set, code);
  }

  /** The instructions that read a character, up to the first that ends a match. */
  #reach(
    waiting: readonly number[],
    before: number,
    after: number,
  ): { taking: number[]; isMatch: boolean } {
    const taking: number[] = [];
    const seen = new Set<number>();
    const open = waiting.toReversed();
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const instruction = this.#program[at];
      if (!instruction || instruction.kind === "match") return { taking, isMatch: true };
      if (instruction.kind === "take") taking.push(at);
      else if (instruction.kind === "jump") open.push(instruction.to);
      else if (instruction.kind === "fork") open.push(instruction.second, instruction.first);
      else if (instruction.test.holds(before, after)) open.push(at + 1);
    }
    return { taking, isMatch: false };
  }
}

/** The automaton of a pattern `source` from a file; undefined when it has none. */
export function createAutomaton(pattern: Pattern, source: string): Automaton | undefined {
  const program = compileProgram(pattern);
  return program && unlessRangeError(() => new Automaton(program, source));
}

/** The automaton of a pattern in this source code. */
export function ownAutomaton(pattern: Pattern): Automaton {
  const automaton = createAutomaton(pattern, "");
  if (automaton) return automaton;
  throw new Error("a pattern of the tokenizer itself has no automaton");
}
