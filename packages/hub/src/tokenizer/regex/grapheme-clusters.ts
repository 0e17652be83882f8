import { type CodePointSet, complement, intersection, setOf } from "../unicode/code-point-set.js";
import { decodeRuns, selectRuns } from "../unicode/decode.js";
import { graphemeClassNames, graphemeRuns } from "../unicode/generated/graphemes.js";
import { lazy } from "../unicode/lazy.js";
import { emitPattern } from "./emit.js";
import { anyOf, literal, manyOf, runOf } from "./pattern-parts.js";
import type { Pattern } from "./syntax-tree.js";

const choice = (...items: readonly Pattern[]): Pattern => ({ kind: "choice", items });
const sequence = (...items: readonly Pattern[]): Pattern => ({ kind: "sequence", items });

/** The characters of the given classes. */
const graphemeClass: () => (...chosen: readonly string[]) => CodePointSet = lazy(() => {
  const names = graphemeClassNames.split(" ");
  const runs = decodeRuns(graphemeRuns);
  return (...chosen: readonly string[]) =>
    selectRuns(runs, (value) => chosen.includes(names[value] ?? ""));
});

/** The characters that continue a cluster with a core. */
const extending = (): CodePointSet =>
  graphemeClass()("Extend", "PlainExtend", "Linker", "Joiner", "SpacingMark");

/**
 * One extended grapheme cluster of UAX 29. A pair of regional indicators counts as two clusters:
 * Precompiled, the only user, processes clusters of 6 bytes or more character by character.
 */
export const clusterPattern: () => Pattern = lazy(() => {
  const of = graphemeClass();
  const syllables = Array.from({ length: 399 }, (_, i) => 0xac00 + 28 * i);
  const [lead, vowel, tail, open] = [of("L"), of("V"), of("T"), setOf(...syllables)];
  const closed = intersection([0xac00, 0xd7a3], complement(open));
  const extend = anyOf(of("Extend", "PlainExtend", "Linker"));
  const [linker, conjoined] = [anyOf(of("Linker")), anyOf(of("Extend", "Joiner"))];
  const [pictograph, consonant] = [anyOf(of("Pictographic")), anyOf(of("Consonant"))];
  const block = choice(runOf(vowel), sequence(anyOf(open), manyOf(anyOf(vowel), 0)), anyOf(closed));
  const linked = manyOf(sequence(linker, manyOf(conjoined, 0)), 1);
  const core = choice(
    sequence(manyOf(anyOf(lead), 0), block, manyOf(anyOf(tail), 0)),
    runOf(lead),
    runOf(tail),
    sequence(pictograph, manyOf(sequence(manyOf(extend, 0), literal("\u200d"), pictograph), 0)),
    sequence(consonant, manyOf(sequence(manyOf(conjoined, 0), linked, consonant), 0)),
    anyOf(complement(of("Control"))),
  );
  return choice(
    literal("\r\n"),
    anyOf(of("Control")),
    sequence(manyOf(anyOf(of("Prepend")), 0), core, manyOf(anyOf(extending()), 0)),
  );
});

/** Matches one cluster at a time, or several clusters at once when they are printable ASCII. */
export const graphemeClusters: () => RegExp = lazy(() => {
  const ascii = `[ -~]+${emitPattern({ kind: "look", item: anyOf(extending()), isBehind: false, isNegative: true })}`;
  return new RegExp(`${ascii}|${emitPattern(clusterPattern())}`, "gu");
});
