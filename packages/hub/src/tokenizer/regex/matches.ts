/**
 * Where an expression with flag g matches, as [start, end, start, end, …] in UTF-16 units. An empty match next to the
 * end of the match before does not count: the search goes on one character later, as the reference does.
 */
export function matchesOf(expression: RegExp, text: string): number[] {
  const matches: number[] = [];
  let lastEnd = -1;
  expression.lastIndex = 0;
  for (let from = 0; from <= text.length; ) {
    expression.lastIndex = from;
    const match = expression.exec(text);
    if (!match) break;
    const end = match.index + match[0].length;
    if (isInsidePair(text, match.index)) {
      from = match.index + 1;
    } else if (match[0] === "" && end === lastEnd) {
      from = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    } else {
      matches.push(match.index, end);
      from = lastEnd = end;
    }
  }
  return matches;
}

/** V8 finds empty matches also between the halves of a surrogate pair. */
const isInsidePair = (text: string, index: number): boolean =>
  index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
