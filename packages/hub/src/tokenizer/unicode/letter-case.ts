import { type CodePointSet, includes, setOf, union } from "./code-point-set.js";
import { decodeMap } from "./decode.js";
import { caseOrbitMap, longFolds } from "./generated/case.js";
import { lazy } from "./lazy.js";

/** For each letter that has other forms: all its forms. */
const orbits = lazy(() => {
  const members = new Map<number, number[]>();
  for (const [code, first] of decodeMap(caseOrbitMap)) {
    const orbit = members.get(first) ?? [first];
    orbit.push(code);
    members.set(first, orbit);
    members.set(code, orbit);
  }
  return members;
});

/** The set and every other form of its letters, as Oniguruma matches them when case is ignored. */
export function withOtherCases(set: CodePointSet): CodePointSet {
  const added: number[] = [];
  const [first = 0, last = -1] = set;
  if (set.length === 2 && first === last) added.push(...(orbits().get(first) ?? []));
  else for (const [code, orbit] of orbits()) if (includes(set, code)) added.push(...orbit);
  return union(set, setOf(...new Set(added)));
}

/**
 * Whether the set has a letter that equals several others when case is ignored, as ß equals "ss".
 */
export function hasLongFold(set: CodePointSet): boolean {
  return longFolds.some((letter) => includes(set, letter.codePointAt(0) ?? 0));
}

/**
 * Whether several consecutive letters of these equal one when case is ignored, as "ss" equals ß.
 */
export function holdsLongFold(letters: readonly CodePointSet[]): boolean {
  return longFolds.some((entry) => {
    const fold = Array.from(entry, (letter) => letter.codePointAt(0) ?? 0).slice(1);
    return letters.some((_, at) => fold.every((code, i) => includes(letters[at + i] ?? [], code)));
  });
}
