import { type CodePointSet, classBody } from "./code-point-set.js";
import { decodeRuns, selectRuns } from "./decode.js";
import { graphemeClassNames, graphemeRuns } from "./generated/graphemes.js";
import { lazy } from "./lazy.js";

/** The characters of some classes. */
export const graphemeClass: () => (...chosen: readonly string[]) => CodePointSet = lazy(() => {
  const names = graphemeClassNames.split(" ");
  const runs = decodeRuns(graphemeRuns);
  return (...chosen: readonly string[]) =>
    selectRuns(runs, (value) => chosen.includes(names[value] ?? ""));
});

/**
 * Matches one extended grapheme cluster of UAX 29 at a time, or several at once when they are of printable ASCII. A
 * pair of regional indicators counts as two clusters: Precompiled, which this is for, takes clusters of 6 bytes or more
 * character by character.
 */
export const graphemeClusters: () => RegExp = lazy(() => {
  const classOf = graphemeClass();
  const of = (...chosen: readonly string[]): string => classBody(classOf(...chosen));
  const syllables = Array.from({ length: 399 }, (_, i) => String.fromCodePoint(0xac00 + 28 * i));
  const [lead, vowel, tail, open] = [of("L"), of("V"), of("T"), syllables.join("")];
  const after = of("Extend", "PlainExtend", "Linker", "Joiner", "SpacingMark");
  const extend = of("Extend", "PlainExtend", "Linker");
  const [linker, conjoined] = [of("Linker"), of("Extend", "Joiner")];
  const [pictograph, consonant] = [of("Pictographic"), of("Consonant")];
  const core = [
    `[${lead}]*(?:[${vowel}]+|[${open}][${vowel}]*|(?![${open}])[가-힣])[${tail}]*`,
    `[${lead}]+`,
    `[${tail}]+`,
    `[${pictograph}](?:[${extend}]*\\u200d[${pictograph}])*`,
    `[${consonant}](?:[${conjoined}]*(?:[${linker}][${conjoined}]*)+[${consonant}])*`,
    `[^${of("Control")}]`,
  ];
  return new RegExp(
    `[ -~]+(?![${after}])|\\r\\n|[${of("Control")}]|[${of("Prepend")}]*(?:${core.join("|")})[${after}]*`,
    "gu",
  );
});
