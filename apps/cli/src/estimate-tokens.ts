const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;

/** Letters that a sub-word covers on average, in words that are not in the vocabulary as a whole. */
const lettersPerToken = 6;

/** A piece of a line has at most so many characters for each of its tokens, so that finding its end takes bounded time. */
const mostPerToken = 4 * lettersPerToken;

/** About the tokens a WordPiece or BPE tokenizer makes, without running one. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(word)) tokens += Math.ceil(part.length / lettersPerToken);
  return tokens;
}

/** The line in pieces of at most about `maxTokens`, cut at a space where there is one. */
export function splitLongLine(line: string, maxTokens: number): string[] {
  if (line.length <= maxTokens) return [line];
  if (line.length <= maxTokens * mostPerToken && estimateTokens(line) <= maxTokens) return [line];
  const pieces: string[] = [];
  for (let rest = line; rest !== ""; ) {
    const end = pieceEnd(rest, maxTokens);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return pieces;
}

/** Where the piece that begins at 0 ends: after a space in its second half, else where the tokens run out. */
function pieceEnd(rest: string, maxTokens: number): number {
  const head = rest.slice(0, maxTokens * mostPerToken);
  let tokens = 0;
  for (const match of head.matchAll(word)) {
    const cost = Math.ceil(match[0].length / lettersPerToken);
    if (tokens + cost > maxTokens) {
      if (match.index === 0) return maxTokens * lettersPerToken;
      const space = head.lastIndexOf(" ", match.index) + 1;
      return space > match.index / 2 ? space : match.index;
    }
    tokens += cost;
  }
  return head.length;
}
