import { bracketAt } from "./bracket.js";

/** One element of a pattern, as a state of an automaton over bytes. */
interface Step {
  /** 1 for each of the 256 bytes that it matches. */
  readonly accepts: Uint8Array;
  /** Whether it matches any number of them, including none; otherwise exactly one. */
  readonly repeats: boolean;
  /** Number of further steps that may be skipped with it. */
  readonly leavesOut: number;
}

/** A compiled pattern of gitignore(5) for one path or one name. */
export interface Glob {
  /** The text must begin with this. */
  readonly prefix: string;
  /** The steps for the text after the prefix. */
  readonly steps: readonly Step[];
  /** Minimum length of the text after the prefix. */
  readonly minLength: number;
}

const slash = 47;

/**
 * Compiles a pattern, given as bytes. As in git, "**" matches slashes only when it fills a segment
 * of the pattern after the literal prefix. Undefined for a pattern with an unfinished bracket or
 * escape, which matches nothing.
 */
export function compileGlob(pattern: string, ignoreCase: boolean): Glob | undefined {
  const special = pattern.search(/[*?[\\]/);
  const end = special < 0 ? pattern.length : special;
  const prefix = folded(pattern.slice(0, end), ignoreCase);
  const steps = compileSteps(pattern.slice(end), ignoreCase);
  return steps && { prefix, steps, minLength: minLengthOf(steps) };
}

/** One of the steps that may be skipped matches a byte: the slash. */
function minLengthOf(steps: readonly Step[]): number {
  return (
    steps.filter((step) => !step.repeats).length - steps.filter((step) => step.leavesOut > 0).length
  );
}

function compileSteps(pattern: string, ignoreCase: boolean): Step[] | undefined {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern.charAt(at);
    if (character === "*") {
      const run = /^\*+/.exec(pattern.slice(at))?.[0].length ?? 1;
      steps.push(...starSteps(pattern, at, run));
      at += run;
    } else if (character === "[") {
      const bracket = bracketAt(pattern, at, ignoreCase);
      if (!bracket) return undefined;
      steps.push(once(without(bracket.accepts, slash)));
      at = bracket.end;
    } else if (character === "\\") {
      if (at + 1 === pattern.length) return undefined;
      steps.push(once(only(pattern.charCodeAt(at + 1))));
      at += 2;
    } else {
      const byte = folded(character, ignoreCase).charCodeAt(0);
      steps.push(once(character === "?" ? allButSlash : only(byte)));
      at++;
    }
  }
  return steps;
}

/**
 * "**" and the slash after it may be skipped together, but not the slash alone: the step before it
 * matches nothing.
 */
function starSteps(pattern: string, at: number, length: number): Step[] {
  const opens = at === 0 || pattern[at - 1] === "/";
  const rest = pattern.slice(at + length, at + length + 2);
  const closes = rest === "" || rest.startsWith("/") || rest === "\\/";
  if (length === 1 || !opens || !closes) return [anyNumber(allButSlash)];
  const star = anyNumber(all);
  return rest.startsWith("/") ? [{ ...anyNumber(none), leavesOut: 2 }, star] : [star];
}

/**
 * Whether the whole text matches. Takes time at most proportional to the product of both lengths.
 */
export function matchesGlob({ prefix, steps, minLength }: Glob, text: string): boolean {
  if (text.length < prefix.length + minLength || !text.startsWith(prefix)) return false;
  if (steps.length === 0) return text.length === prefix.length;
  let states = new Uint8Array(steps.length + 1);
  let next = new Uint8Array(steps.length + 1);
  states[0] = 1;
  for (let at = prefix.length; at < text.length; at++) {
    next.fill(0);
    if (!advance(steps, states, next, text.charCodeAt(at))) return false;
    [states, next] = [next, states];
  }
  steps.forEach((step, state) => {
    skip(step, state, states);
  });
  return states[steps.length] === 1;
}

/** Computes the states after one more byte; returns false when there are none. */
function advance(
  steps: readonly Step[],
  states: Uint8Array,
  next: Uint8Array,
  byte: number,
): boolean {
  let alive = false;
  for (let state = 0; state < steps.length; state++) {
    const step = steps[state];
    if (states[state] !== 1 || !step) continue;
    skip(step, state, states);
    if (step.accepts[byte] !== 1) continue;
    next[step.repeats ? state : state + 1] = 1;
    alive = true;
  }
  return alive;
}

function skip(step: Step, state: number, states: Uint8Array): void {
  if (states[state] !== 1 || !step.repeats) return;
  states[state + 1] = 1;
  states[state + 1 + step.leavesOut] = 1;
}

/** Git folds the case of ASCII letters only. */
export function folded(text: string, ignoreCase: boolean): string {
  return ignoreCase ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
}

const once = (accepts: Uint8Array): Step => ({ accepts, repeats: false, leavesOut: 0 });

const anyNumber = (accepts: Uint8Array): Step => ({ accepts, repeats: true, leavesOut: 0 });

const none = new Uint8Array(256);
const bytesAlone = Array.from({ length: 256 }, (_, byte) =>
  new Uint8Array(256).fill(1, byte, byte + 1),
);
const only = (byte: number): Uint8Array => bytesAlone[byte] ?? none;

const without = (accepts: Uint8Array, byte: number): Uint8Array =>
  Uint8Array.from(accepts).fill(0, byte, byte + 1);

const all = new Uint8Array(256).fill(1);
const allButSlash = without(all, slash);
