import { textOf } from "./byte-path.js";
import { cosine } from "./embedder/similarity.js";
import { isChangeLog } from "./file-kinds.js";
import type { Passage } from "./passages.js";

/**
 * Subtracted from the score of tests and change logs. A test repeats the words of the code that it
 * tests, a change log those of every change, so both score higher than the source. With this
 * penalty the source comes first.
 */
const penalty = 0.05;

/**
 * The cosine with the query, less `penalty` for a test or a change log unless the query asks for
 * one.
 */
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
