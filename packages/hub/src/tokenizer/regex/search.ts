import type { ModelFileError } from "@ripvec/core";
import { classBody } from "../unicode/code-point-set.js";
import { firstSet } from "./first-set.js";
import { collectMatches } from "./matches.js";
import { compileProgram, type Node, none, type Program } from "./program.js";
import { SearchMemo, unknown } from "./search-memo.js";
import { canBeEmpty, type Pattern } from "./syntax-tree.js";
import { stepLimit, tooMuchWork } from "./work-limit.js";

/** Splits of one match whose second way may be open at once. */
const maxOpen = 2 ** 23;

/**
 * Finds the matches of a pattern as a backtracking engine does, in time proportional to the length of the text:
 * [start, end, start, end, …] as of collectMatches. Throws an Error that names `source` when the pattern has too many
 * parts; what it returns throws ModelFileError when a text takes too many steps.
 */
export function createSearch(
  pattern: Pattern,
  source: string,
): (text: string) => readonly number[] {
  const program = compileProgram(pattern, source);
  const beginning = canBeEmpty(pattern)
    ? undefined
    : new RegExp(`[${classBody(firstSet(pattern))}]`, "gu");
  const placeFrom = (text: string, from: number): number => {
    if (!beginning) return from <= text.length ? from : none;
    beginning.lastIndex = from;
    return beginning.exec(text)?.index ?? none;
  };
  return (text) => {
    const search = new Search(program, text, source);
    return collectMatches(text, (from) => {
      for (let start = placeFrom(text, from); start !== none; ) {
        const end = search.matchAt(start);
        if (end !== none) return [start, end];
        start = placeFrom(text, start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1));
      }
      return undefined;
    });
  };
}

/**
 * The searches of one text: of two ways they take the first that leads to a match. What came of each split at each
 * place is kept for all of them, so that nothing is tried twice.
 */
class Search {
  readonly #program: Program;
  readonly #text: string;
  readonly #source: string;
  readonly #memo: SearchMemo;
  #stepsLeft: number;

  /** `source` is the pattern, for messages. */
  constructor(program: Program, text: string, source: string) {
    this.#program = program;
    this.#text = text;
    this.#source = source;
    this.#memo = new SearchMemo(program.slots * (text.length + 1));
    this.#stepsLeft = stepLimit(text.length);
  }

  /** End of the match that begins at a place, or -1. Throws ModelFileError when it takes too many steps. */
  matchAt(start: number): number {
    this.#memo.forgetBefore(start * this.#program.slots);
    return this.#run(this.#program.entry, start);
  }

  readonly #run = (entry: Node, start: number): number => {
    /** Splits on the way to here; of those with a second way: that, its place, how many splits lead to it. */
    const way: number[] = [];
    const open: Node[] = [];
    const places: number[] = [];
    let node = entry;
    let at = start;
    for (;;) {
      const { first, second, slot } = node;
      if (first === undefined) return this.#finish(way, at);
      if (this.#stepsLeft-- <= 0) throw this.#tooMuch();
      if (second !== undefined) {
        const key = at * this.#program.slots + slot;
        const end = this.#memo.get(key);
        if (end === unknown) {
          this.#memo.set(key, none);
          places.push(at, way.push(key));
          if (open.push(second) > maxOpen || this.#memo.isFull) throw this.#tooMuch();
          node = first;
          continue;
        }
        if (end !== none) return this.#finish(way, end);
      } else {
        const moved = node.move(this.#text, at, this.#run);
        if (moved !== none) {
          at = moved;
          node = first;
          continue;
        }
      }
      const last = open.pop();
      if (last === undefined) return none;
      way.length = places.pop() ?? 0;
      at = places.pop() ?? 0;
      node = last;
    }
  };

  /** All splits on the way to a match lead to it. */
  #finish(way: readonly number[], end: number): number {
    for (const key of way) this.#memo.set(key, end);
    return end;
  }

  #tooMuch(): ModelFileError {
    const besides = `, or ${maxOpen} choices in one match`;
    return tooMuchWork(this.#source, this.#text.length, besides);
  }
}
