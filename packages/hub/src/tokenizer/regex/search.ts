import type { ModelFileError } from "@ripvec/core";
import { classBody } from "../unicode/code-point-set.js";
import { sizeAt } from "../unicode/size-at.js";
import { firstSet } from "./first-set.js";
import { collectInSteps } from "./matches.js";
import { compileProgram, type Node, none, type Program } from "./program.js";
import { SearchMemo, unknown } from "./search-memo.js";
import { canBeEmpty, type Pattern } from "./syntax-tree.js";
import { stepLimit, tooMuchWork } from "./work-limit.js";

/** The most splits of one match whose second way may be open at once. */
const maxOpen = 2 ** 23;

/** Steps after which a search may pause. */
const stepsBetweenPauses = 8_192;

/**
 * The matches of a pattern, [start, end, start, end, …] as in collectMatches. Both methods throw
 * ModelFileError when a text takes too many steps.
 */
export interface PatternSearch {
  find(text: string): readonly number[];
  /** Yields where the caller may pause. */
  findInSteps(text: string): Generator<undefined, readonly number[], undefined>;
}

/**
 * Finds the matches of a pattern as a backtracking engine does, in time proportional to the length
 * of the text. Throws an Error that names `source` when the pattern has too many parts.
 */
export function createSearch(pattern: Pattern, source: string): PatternSearch {
  const program = compileProgram(pattern, source);
  const beginning = canBeEmpty(pattern)
    ? undefined
    : new RegExp(`[${classBody(firstSet(pattern))}]`, "gu");
  const placeFrom = (text: string, from: number): number => {
    if (!beginning) return from <= text.length ? from : none;
    beginning.lastIndex = from;
    return beginning.exec(text)?.index ?? none;
  };
  function findInSteps(text: string): ReturnType<PatternSearch["findInSteps"]> {
    const search = new Search(program, text, source);
    return collectInSteps(text, function* (from) {
      for (let start = placeFrom(text, from); start !== none; ) {
        const end = yield* search.matchAt(start);
        if (end !== none) return [start, end];
        start = placeFrom(text, start + sizeAt(text, start));
      }
      return undefined;
    });
  }
  return { findInSteps, find: (text) => resultOf(findInSteps(text)) };
}

function resultOf<T>(steps: Generator<undefined, T, undefined>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The searches in one text. At a split they take the first way that leads to a match. The result of
 * each split at each position is kept for all of them, so that nothing is tried twice.
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

  /**
   * The end of the match that begins at a position, or -1. Throws ModelFileError when it takes too
   * many steps.
   */
  matchAt(start: number): Generator<undefined, number, undefined> {
    this.#memo.forgetBefore(start * this.#program.slots);
    return this.#steps(this.#program.entry, start);
  }

  /** For look-around and atomic parts: runs without a pause. */
  readonly #look = (entry: Node, start: number): number => resultOf(this.#steps(entry, start));

  *#steps(entry: Node, start: number): Generator<undefined, number, undefined> {
    /**
     * The splits on the path to here; for those with an open second way: that way, its position,
     * and the length of the path to it.
     */
    const way: number[] = [];
    const open: Node[] = [];
    const places: number[] = [];
    let node = entry;
    let at = start;
    for (;;) {
      const { first, second, slot } = node;
      if (first === undefined) return this.#finish(way, at);
      if (this.#stepsLeft-- <= 0) throw this.#tooMuch();
      if (this.#stepsLeft % stepsBetweenPauses === 0) yield;
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
        const moved = node.move(this.#text, at, this.#look);
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
  }

  /** All splits on a path that ends in a match lead to that match. */
  #finish(way: readonly number[], end: number): number {
    for (const key of way) this.#memo.set(key, end);
    return end;
  }

  #tooMuch(): ModelFileError {
    const besides = `, or ${maxOpen} choices in one match`;
    return tooMuchWork(this.#source, this.#text.length, besides);
  }
}
