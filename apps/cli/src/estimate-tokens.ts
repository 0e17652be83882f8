const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;

/**
 * Average number of letters for each sub-word of a word that is not in the vocabulary as a whole.
 */
const lettersPerToken = 6;

/**
 * The most characters of a line's part for each of its tokens, so that its end is found in bounded
 * time.
 */
const maxCharsPerToken = 4 * lettersPerToken;

/** Estimates the number of tokens of a WordPiece or BPE tokenizer without running one. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(word)) tokens += Math.ceil(part.length / lettersPerToken);
  return tokens;
}

/** The line in parts of at most about `maxTokens`, cut at a space where possible. */
export function splitLongLine(line: string, maxTokens: number): string[] {
  if (line.length <= maxTokens) return [line];
  if (line.length <= maxTokens * maxCharsPerToken && estimateTokens(line) <= maxTokens)
    return [line];
  const pieces: string[] = [];
  for (let rest = line; rest !== ""; ) {
    const end = pieceEnd(rest, maxTokens);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return pieces;
}

/**
 * The end of the part that begins at 0: after a space in its second half, else where the tokens are
 * used up.
 */
function pieceEnd(rest: string, maxTokens: number): number {
  const head = rest.slice(0, maxTokens * maxCharsPerToken);
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
