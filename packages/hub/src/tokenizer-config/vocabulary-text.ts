import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { spacesStart } from "../tokenizer/text-edges.js";

/**
 * Lines as Rust reads them: a final empty line does not count, and a carriage return before the
 * line end is removed.
 */
function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/**
 * vocab.txt: the token of each line, with the line's number from 0 as its id. The last of equal
 * tokens counts.
 */
export function readVocabText(text: string): JsonObject {
  return Object.fromEntries(
    linesOf(text).map((line, id) => [line.slice(0, spacesStart(line, line.length)), id]),
  );
}

/** merges.txt: pairs of tokens. Throws ModelFileError at a line that is not a pair. */
export function readMerges(text: string, path: string): [string, string][] {
  const lines = linesOf(text).filter((line) => !line.startsWith("#version"));
  return lines.map((line, index) => {
    const [left, right, ...more] = line.split(" ");
    if (left !== undefined && right !== undefined && more.length === 0) return [left, right];
    throw new ModelFileError(`merge ${index + 1} is not a pair: ${JSON.stringify(line)}`, { path });
  });
}
