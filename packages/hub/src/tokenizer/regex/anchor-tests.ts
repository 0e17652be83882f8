import { type CodePointSet, includes } from "../unicode/code-point-set.js";
import { bareWordCharacters } from "../unicode/oniguruma-classes.js";
import type { Anchor } from "./syntax-tree.js";

/** Whether an anchor matches at a position of a text, in UTF-16 units. */
export type AnchorTest = (text: string, at: number) => boolean;

export const anchorTests: Readonly<Record<Anchor, AnchorTest>> = {
  textStart: (_, at) => at === 0,
  textEnd: (text, at) => at === text.length,
  textEndOrLastNewline: (text, at) =>
    at === text.length || (at === text.length - 1 && text[at] === "\n"),
  lineStart: (text, at) => at === 0 || (at < text.length && text[at - 1] === "\n"),
  lineEnd: (text, at) => at === text.length || text[at] === "\n",
  wordBoundary: (text, at) => isWordBefore(text, at) !== isWordAt(text, at),
  noWordBoundary: (text, at) => isWordBefore(text, at) === isWordAt(text, at),
};

/** The position `count` characters before another one, or -1 where the text has fewer. */
export function placeBefore(text: string, at: number, count: number): number {
  let place = at;
  for (let i = 0; i < count && place >= 0; i++) {
    place -= place > 1 && (text.codePointAt(place - 2) ?? 0) > 0xffff ? 2 : 1;
  }
  return place;
}

const isWordBefore = (text: string, at: number): boolean =>
  at > 0 && isWordAt(text, placeBefore(text, at, 1));

const isWordAt = (text: string, at: number): boolean =>
  at < text.length && includes(word(), text.codePointAt(at) ?? 0);

const word: () => CodePointSet = bareWordCharacters;
