import { type Automaton, ownAutomaton } from "../automaton/automaton.js";
import { clusterPattern } from "../regex/grapheme-clusters.js";
import { lazy } from "../unicode/lazy.js";

/** Finds the matches of `graphemeClusters`, but one cluster at a time. */
export const clusterAutomaton: () => Automaton = lazy(() => ownAutomaton(clusterPattern()));
