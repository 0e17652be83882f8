import { textOf } from "./byte-path.js";
import { isChangeLog } from "./file-kinds.js";
import type { Passage } from "./passages.js";
import { cosine } from "./rank.js";

/**
 * A test repeats the words of what it tests, a change log those of all that changed, and both score above it. So much less
 * lets the source come first.
 */
const penalty = 0.05;

/** The cosine with the query, less `penalty` for a test or a change log that is not asked for. */
export function scorer(
  query: string,
  queryVector: Float32Array,
): (passage: Pick<Passage, "path" | "isTest">, vector: Float32Array) => number {
  const wantsTests = /\btest/i.test(query);
  const wantsChanges = /\b(change|version|release)/i.test(query);
  return ({ path, isTest }, vector) => {
    const comesLater = (isTest && !wantsTests) || (!wantsChanges && isChangeLog(textOf(path)));
    return cosine(queryVector, vector) - (comesLater ? penalty : 0);
  };
}
