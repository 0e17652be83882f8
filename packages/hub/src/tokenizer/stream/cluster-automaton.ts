import { Automaton } from "../automaton/automaton.js";
import { compileProgram } from "../automaton/program.js";
import type { Pattern } from "../regex/syntax-tree.js";
import { complement, intersection, setOf } from "../unicode/code-point-set.js";
import { graphemeClass } from "../unicode/grapheme-clusters.js";
import { lazy } from "../unicode/lazy.js";
import { anyOf, literal, runOf } from "./pattern-automaton.js";

const choice = (...items: readonly Pattern[]): Pattern => ({ kind: "choice", items });
const sequence = (...items: readonly Pattern[]): Pattern => ({ kind: "sequence", items });
const many = (item: Pattern, min: number): Pattern => ({
  kind: "repeat",
  item,
  min,
  max: Infinity,
  mode: "greedy",
});

/** Finds what `graphemeClusters` matches, but one cluster at a time. */
export const clusterAutomaton: () => Automaton = lazy(() => {
  const of = graphemeClass();
  const syllables = Array.from({ length: 399 }, (_, i) => 0xac00 + 28 * i);
  const [lead, vowel, tail, open] = [of("L"), of("V"), of("T"), setOf(...syllables)];
  const closed = intersection([0xac00, 0xd7a3], complement(open));
  const after = of("Extend", "PlainExtend", "Linker", "Joiner", "SpacingMark");
  const extend = anyOf(of("Extend", "PlainExtend", "Linker"));
  const [linker, conjoined] = [anyOf(of("Linker")), anyOf(of("Extend", "Joiner"))];
  const [pictograph, consonant] = [anyOf(of("Pictographic")), anyOf(of("Consonant"))];
  const block = choice(runOf(vowel), sequence(anyOf(open), many(anyOf(vowel), 0)), anyOf(closed));
  const core = choice(
    sequence(many(anyOf(lead), 0), block, many(anyOf(tail), 0)),
    runOf(lead),
    runOf(tail),
    sequence(pictograph, many(sequence(many(extend, 0), literal("\u200d"), pictograph), 0)),
    sequence(
      consonant,
      many(
        sequence(many(conjoined, 0), many(sequence(linker, many(conjoined, 0)), 1), consonant),
        0,
      ),
    ),
    anyOf(complement(of("Control"))),
  );
  const program = compileProgram(
    choice(
      literal("\r\n"),
      anyOf(of("Control")),
      sequence(many(anyOf(of("Prepend")), 0), core, many(anyOf(after), 0)),
    ),
  );
  return new Automaton(program ?? [], "\\X");
});
