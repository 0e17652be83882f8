/** A line with fewer words of letters only is a name or a line of code. */
const minWords = 4;
const plainWord = /(?<!\S)\p{L}+,?(?!\S)/gu;
const sentenceEnd = /[.!?:;…]["'”’)\]`*_]*(?=\s|$)/;
const sentenceEndAtLineEnd = /[.!?:;…]["'”’)\]`*_]*\s*$/;
const wordAtLineEnd = /[\p{L}\p{N},)\]"'”’`*_-]\s*$/u;
/**
 * A heading, a list item, a fence, a row of a table, the end of a comment. An indented `* ` is a
 * line of a comment.
 */
const newBlock = /^(#{1,6}\s|\s*([-+•]|\d+[.)])\s|\*\s|\s*(```|~~~|\||\*\/))/;
const numberSign = /^\s*#/;

/**
 * How many of the lines after `start`, at most `max`, belong to a sentence that does not end at
 * `start`.
 */
export function linesToSentenceEnd(lines: readonly string[], start: number, max: number): number {
  let more = 0;
  while (more < max && continues(lines[start + more], lines[start + more + 1])) {
    more++;
    if (sentenceEnd.test(lines[start + more] ?? "")) break;
  }
  return more;
}

function continues(line = "", next = ""): boolean {
  if (!/\S/.test(next) || (newBlock.test(next) && !areComments(line, next))) return false;
  if (sentenceEndAtLineEnd.test(line) || !wordAtLineEnd.test(line)) return false;
  return (line.match(plainWord)?.length ?? 0) >= minWords;
}

const areComments = (line: string, next: string): boolean =>
  numberSign.test(line) && numberSign.test(next);
