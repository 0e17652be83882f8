import { type CodePointSet, setOf, union } from "./code-point-set.js";
import { lazy } from "./lazy.js";
import { wordCharacters } from "./oniguruma-classes.js";

/** Rust's \w, which contains the two joiners that Oniguruma's does not. */
export const rustWord: () => CodePointSet = lazy(() =>
  union(wordCharacters(), setOf(0x200c, 0x200d)),
);
