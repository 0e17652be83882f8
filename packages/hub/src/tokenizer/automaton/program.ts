import type { Anchor, Pattern, Repeat } from "../regex/syntax-tree.js";
import { type CodePointSet, includes, union } from "../unicode/code-point-set.js";
import { bareWordCharacters } from "../unicode/oniguruma-classes.js";

/** Stands for the missing code point at the start and the end of a text. */
export const edge = -1;

/**
 * A condition on the code points on both sides of a position. It must treat code points alike that
 * are in the same `sets`.
 */
export interface PlaceTest {
  readonly sets: readonly CodePointSet[];
  readonly looksBehind: boolean;
  holds(before: number, after: number): boolean;
}

/** All instructions except "fork" and "jump" continue with the next instruction. */
export type Instruction =
  | { readonly kind: "take"; readonly set: CodePointSet }
  | { readonly kind: "test"; readonly test: PlaceTest }
  /** Tries `first` before `second`. */
  | { readonly kind: "fork"; first: number; second: number }
  | { readonly kind: "jump"; readonly to: number }
  | { readonly kind: "match" };

export type Program = readonly Instruction[];

/** Patterns that need more instructions have no program. */
const maxInstructions = 5_000;

class NoProgram extends Error {}

/**
 * The pattern as a program for an automaton that reads each character once. Undefined for a pattern
 * that depends on more than one character around a position, or with an atomic part other than a
 * run of one set.
 */
export function compileProgram(pattern: Pattern): Program | undefined {
  const program: Instruction[] = [];
  try {
    emit(program, pattern);
  } catch (error) {
    if (error instanceof NoProgram) return undefined;
    throw error;
  }
  program.push({ kind: "match" });
  return program;
}

function emit(program: Instruction[], pattern: Pattern): void {
  if (program.length > maxInstructions) throw new NoProgram();
  switch (pattern.kind) {
    case "set":
      program.push({ kind: "take", set: pattern.set });
      return;
    case "anchor":
      program.push({ kind: "test", test: anchorTest(pattern.anchor) });
      return;
    case "sequence":
      for (const item of pattern.items) emit(program, item);
      return;
    case "choice":
      emitChoice(program, pattern.items);
      return;
    case "repeat":
      emitRepeat(program, pattern);
      return;
    case "look":
      program.push({ kind: "test", test: lookTest(pattern) });
      return;
    case "atomic":
      throw new NoProgram();
    default:
      pattern satisfies never;
  }
}

function emitChoice(program: Instruction[], items: readonly Pattern[]): void {
  const ends: number[] = [];
  for (const [index, item] of items.entries()) {
    if (index === items.length - 1) {
      emit(program, item);
      break;
    }
    const fork = emitFork(program);
    emit(program, item);
    ends.push(program.length);
    program.push({ kind: "jump", to: 0 });
    fork.second = program.length;
  }
  for (const end of ends) program[end] = { kind: "jump", to: program.length };
}

/** A fork that prefers the instruction after it; `second` is set later. */
function emitFork(program: Instruction[]): { first: number; second: number } {
  const fork = { kind: "fork" as const, first: program.length + 1, second: 0 };
  program.push(fork);
  return fork;
}

function emitRepeat(program: Instruction[], { item, min, max, mode }: Repeat): void {
  if (mode === "possessive") {
    emitPossessive(program, item, min, max);
    return;
  }
  for (let i = 0; i < min; i++) emit(program, item);
  const forks: { first: number; second: number }[] = [];
  if (max === Infinity) {
    const start = program.length;
    forks.push(emitFork(program));
    emit(program, item);
    program.push({ kind: "jump", to: start });
  } else {
    for (let i = min; i < max; i++) {
      forks.push(emitFork(program));
      emit(program, item);
    }
  }
  for (const fork of forks) {
    fork.second = program.length;
    if (mode === "lazy") [fork.first, fork.second] = [fork.second, fork.first];
  }
}

/**
 * The character after a whole run of a set is not in the set. An optional run is skipped only when
 * that character is not in the set either.
 */
function emitPossessive(program: Instruction[], item: Pattern, min: number, max: number): void {
  if (item.kind !== "set") throw new NoProgram();
  const look: Pattern = { kind: "look", item, isBehind: false, isNegative: true };
  if (max === 1 && min === 0) emitChoice(program, [item, look]);
  else if (max === Infinity) {
    emitRepeat(program, { kind: "repeat", item, min, max, mode: "greedy" });
    emit(program, look);
  } else throw new NoProgram();
}

function lookTest({
  item,
  isBehind,
  isNegative,
}: {
  readonly item: Pattern;
  readonly isBehind: boolean;
  readonly isNegative: boolean;
}): PlaceTest {
  const { set, orEdge } = seenIn(item, isBehind ? "textStart" : "textEnd");
  return {
    sets: [set],
    looksBehind: isBehind,
    holds: (before, after) => {
      const seen = isBehind ? before : after;
      return (seen === edge ? orEdge : includes(set, seen)) !== isNegative;
    },
  };
}

/** The characters that a look-around accepts, and whether it accepts the edge of the text. */
function seenIn(
  pattern: Pattern,
  edgeAnchor: "textStart" | "textEnd",
): { set: CodePointSet; orEdge: boolean } {
  if (pattern.kind === "set") return { set: pattern.set, orEdge: false };
  if (pattern.kind === "anchor" && pattern.anchor === edgeAnchor) return { set: [], orEdge: true };
  if (pattern.kind === "anchor" && pattern.anchor === "lineEnd" && edgeAnchor === "textEnd") {
    return { set: newline, orEdge: true };
  }
  if (pattern.kind !== "choice") throw new NoProgram();
  const items = pattern.items.map((item) => seenIn(item, edgeAnchor));
  const set = union(...items.map((item) => item.set));
  return { set, orEdge: items.some((item) => item.orEdge) };
}

const newline: CodePointSet = [10, 10];

const isIn = (set: CodePointSet, code: number): boolean => code !== edge && includes(set, code);

function anchorTest(anchor: Anchor): PlaceTest {
  const test = (
    looksBehind: boolean,
    sets: readonly CodePointSet[],
    holds: PlaceTest["holds"],
  ): PlaceTest => ({ sets, looksBehind, holds });
  switch (anchor) {
    case "textStart":
      return test(true, [], (before) => before === edge);
    case "textEnd":
      return test(false, [], (_, after) => after === edge);
    case "lineStart":
      return test(
        true,
        [newline],
        (before, after) => before === edge || (before === 10 && after !== edge),
      );
    case "lineEnd":
      return test(false, [newline], (_, after) => after === edge || after === 10);
    case "wordBoundary":
    case "noWordBoundary": {
      const word = bareWordCharacters();
      const isBoundary = anchor === "wordBoundary";
      return test(
        true,
        [word],
        (before, after) => (isIn(word, before) !== isIn(word, after)) === isBoundary,
      );
    }
    case "textEndOrLastNewline":
      throw new NoProgram();
    default:
      return anchor satisfies never;
  }
}
