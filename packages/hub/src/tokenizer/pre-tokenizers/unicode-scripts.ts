import type { Piece, PreTokenizer } from "../steps.js";
import { decodeRuns } from "../unicode/decode.js";
import { scriptClassRuns } from "../unicode/generated/script-classes.js";
import { lazy } from "../unicode/lazy.js";

const runs = lazy(() => decodeRuns(scriptClassRuns));

/** The class of characters that belong to every script: spaces, digits, most symbols. */
const any = 0;

/**
 * Splits where the script changes. The text before the first letter of any script is dropped, as in
 * the reference.
 */
export const unicodeScripts: PreTokenizer = ({ text, atStart }) => {
  const pieces: Piece[] = [];
  let start = -1;
  let script = any;
  const close = (end: number): void => {
    if (start >= 0) pieces.push({ text: text.slice(start, end), atStart: atStart && start === 0 });
    start = end;
  };
  let at = 0;
  for (const character of text) {
    const next = scriptClassOf(character.codePointAt(0) ?? 0);
    if (next !== any && next !== script) close(at);
    if (next !== any) script = next;
    at += character.length;
  }
  close(at);
  return pieces;
};

export function scriptClassOf(code: number): number {
  const { starts, values } = runs();
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= code) low = middle;
    else high = middle;
  }
  return values[low] ?? any;
}
