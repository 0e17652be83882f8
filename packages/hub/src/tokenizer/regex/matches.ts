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
    if (match[0] === "" && end === lastEnd) {
      from = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    } else {
      matches.push(match.index, end);
      from = lastEnd = end;
    }
  }
  return matches;
}
