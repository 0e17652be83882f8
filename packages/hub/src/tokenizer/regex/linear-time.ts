import { type CodePointSet, complement, intersection } from "../unicode/code-point-set.js";
import { firstSet } from "./first-set.js";
import { costOf } from "./pattern-cost.js";
import type { CharacterSet, Pattern, Repeat } from "./syntax-tree.js";

/**
 * Steps that the bounded parts of a pattern may take at one position, all alternatives together.
 */
const maxCost = 2000;

/**
 * Whether a backtracking engine finds all matches in a text in time proportional to its length.
 * True is proven; false means that it is not known. Every alternative must have one of two forms,
 * where a bounded part reads no more than a certain number of characters:
 * 1. bounded parts, then optional parts: once the bounded parts match, nothing fails, and
 *    everything that is read is matched;
 * 2. at most one character, then a run of a set, then an alternative of form 1, as in
 *    `\s*[\r\n]+`. Such a search can read the whole run and match less of it. It ends at the last
 *    position where it can, so that searches that begin after its end fail in the same run. A later
 *    alternative must then match the run, or all but its last character, as `\s+` does, and no
 *    alternative between the two may match less.
 */
export function takesLinearTime(pattern: Pattern): boolean {
  const alternatives = alternativesOf(pattern).map(partsOf);
  const cost = alternatives.reduce((sum, parts) => sum + boundedCost(parts), 0);
  if (cost > maxCost) return false;
  return alternatives.every(
    (parts, i) => cannotFailLate(parts) || isTaken(parts, alternatives.slice(i + 1)),
  );
}

type Parts = readonly Pattern[];

/** A repeated set without an upper bound. */
interface Run extends Repeat {
  readonly item: CharacterSet;
}

/** An alternative of form 2. */
interface Scan {
  /** The character before the run, if any: a set, or an optional set. */
  readonly lead: Pattern | undefined;
  readonly run: Run;
  readonly rest: Parts;
}

function alternativesOf(pattern: Pattern): Parts {
  return pattern.kind === "choice" ? pattern.items.flatMap(alternativesOf) : [pattern];
}

function partsOf(pattern: Pattern): Parts {
  return pattern.kind === "sequence" ? pattern.items.flatMap(partsOf) : [pattern];
}

/** Index of the last part that can fail; every part after it is optional. */
const lastNeeded = (parts: Parts): number => parts.findLastIndex((part) => !isOptional(part));

/**
 * The cost of deciding whether an alternative matches, including the required repetitions of a
 * loop.
 */
function boundedCost(parts: Parts): number {
  const last = lastNeeded(parts);
  const required = parts.map((part, i): Pattern => {
    const isLonger = part.kind === "repeat" && (i >= last || part.max === Infinity);
    return isLonger ? { ...part, max: Math.max(part.min, 1) } : part;
  });
  return costOf({ kind: "sequence", items: required });
}

/** Form 1. The required repetitions of a loop are bounded, and further ones are optional. */
function cannotFailLate(parts: Parts): boolean {
  const last = lastNeeded(parts);
  return parts.every((part, i) => i > last || isBounded(part) || (i === last && isLoop(part)));
}

const isBounded = (part: Pattern): boolean => costOf(part) !== Infinity;

/** A bounded part that is repeated, with or without an upper bound. */
const isLoop = (part: Pattern): part is Repeat => part.kind === "repeat" && isBounded(part.item);

/**
 * Whether a part matches an empty text where its item does not match, and reads no further than it
 * matches.
 */
const isOptional = (part: Pattern): boolean => isLoop(part) && part.min === 0;

function scanOf(parts: Parts): Scan | undefined {
  const [first, second] = parts;
  if (isRun(first)) return { lead: undefined, run: first, rest: parts.slice(1) };
  if (!isLead(first) || !isRun(second)) return undefined;
  return { lead: first, run: second, rest: parts.slice(2) };
}

const isRun = (part: Pattern | undefined): part is Run =>
  part?.kind === "repeat" &&
  part.item.kind === "set" &&
  part.max === Infinity &&
  part.mode !== "lazy";

const isLead = (part: Pattern | undefined): boolean =>
  part?.kind === "set" ||
  (part?.kind === "repeat" && part.item.kind === "set" && part.max === 1 && part.mode !== "lazy");

/** Form 2; `later` holds the alternatives that are tried after it. */
function isTaken(parts: Parts, later: readonly Parts[]): boolean {
  const scan = scanOf(parts);
  if (!scan || !cannotFailLate(scan.rest)) return false;
  if (takesRun(scan)) return true;
  for (const other of later) {
    const otherScan = scanOf(other);
    const isAlike = otherScan !== undefined && readsAtLeast(otherScan, scan);
    if (isAlike && takesRun(otherScan)) return true;
    if (!isAlike && canBegin(other, scan)) return false;
  }
  return false;
}

/** Whether one begins with the same character as the other, and its run ends no earlier. */
function readsAtLeast(one: Scan, other: Scan): boolean {
  const isSameLead = JSON.stringify(one.lead) === JSON.stringify(other.lead);
  return isSameLead && isSubset(other.run.item.set, one.run.item.set);
}

/** Whether it matches whole runs, or all but their last character, as `\s+(?!\S)` does. */
function takesRun({ run, rest }: Scan): boolean {
  const [next, ...others] = rest;
  if (next === undefined || rest.every(isOptional)) return true;
  const isRefused =
    next.kind === "look" &&
    next.isNegative &&
    !next.isBehind &&
    isBounded(next) &&
    isApart(firstSet(next.item), run.item.set);
  return isRefused && run.mode === "greedy" && others.every(isOptional);
}

/** Whether an alternative can match where a scan has read its run. */
function canBegin(parts: Parts, { lead, run }: Scan): boolean {
  const beginnings = lead?.kind === "repeat" ? [lead.item, run.item] : [lead ?? run.item];
  const first = firstSet({ kind: "choice", items: beginnings });
  return !isApart(firstSet({ kind: "sequence", items: parts }), first);
}

const isApart = (a: CodePointSet, b: CodePointSet): boolean => intersection(a, b).length === 0;

const isSubset = (a: CodePointSet, b: CodePointSet): boolean => isApart(a, complement(b));
