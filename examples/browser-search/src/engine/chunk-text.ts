import { type Piece, pieces } from "./pieces.js";

/** A part of a text with its own vector. */
export interface Chunk {
  readonly text: string;
  /** Line where it begins, from 1. */
  readonly line: number;
  /** Number of the text's characters up to its end. */
  readonly end: number;
}

export interface ChunkLimits {
  /** Maximum tokens of a chunk, without the special tokens. */
  readonly maxTokens: number;
  /**
   * Tokens of sentences that are repeated from the previous chunk when a cut falls inside a
   * paragraph.
   */
  readonly overlapTokens: number;
}

/**
 * A chunk filled to this part of maxTokens ends with its paragraph; one filled to this part ends
 * before a heading.
 */
const enough = { paragraph: 1 / 2, section: 1 / 4 } as const;

/**
 * Splits a text into chunks of whole sentences that end with a paragraph if possible. The tokens of
 * a chunk are the sum of those of its sentences.
 */
export function* chunkText(
  text: string,
  countTokens: (text: string) => number,
  { maxTokens, overlapTokens }: ChunkLimits,
): Generator<Chunk> {
  const lines = new LineCounter(text);
  let held: Piece[] = [];
  const tokens = () => held.reduce((sum, piece) => sum + piece.tokens, 0);
  const chunk = (): Chunk => {
    const [start, end] = [held[0]?.start ?? 0, held.at(-1)?.end ?? 0];
    return { text: text.slice(start, end), line: lines.lineAt(start), end };
  };
  for (const piece of pieces(text, countTokens, maxTokens)) {
    if (held.length > 0 && piece.opensSection && tokens() >= maxTokens * enough.section) {
      yield chunk();
      held = [];
    }
    if (held.length > 0 && tokens() + piece.tokens > maxTokens) {
      yield chunk();
      const repeated = tail(held, overlapTokens);
      const fits = tokensOf(repeated) + piece.tokens <= maxTokens;
      held = held.at(-1)?.endsParagraph || !fits ? [] : repeated;
    }
    held.push(piece);
    if (piece.endsParagraph && !piece.opensSection && tokens() >= maxTokens * enough.paragraph) {
      yield chunk();
      held = [];
    }
  }
  if (held.length > 0) yield chunk();
}

const tokensOf = (list: readonly Piece[]): number =>
  list.reduce((sum, { tokens }) => sum + tokens, 0);

/** The last pieces with at most this many tokens together; never all of them. */
function tail(list: readonly Piece[], maxTokens: number): Piece[] {
  let from = list.length;
  let tokens = 0;
  while (from > 1) {
    tokens += list[from - 1]?.tokens ?? 0;
    if (tokens > maxTokens) break;
    from--;
  }
  return list.slice(from);
}

/** Line numbers of positions that are requested in nearly ascending order. */
class LineCounter {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  lineAt(place: number): number {
    for (; this.#at < place; this.#at++) if (this.#text[this.#at] === "\n") this.#line++;
    for (; this.#at > place; this.#at--) if (this.#text[this.#at - 1] === "\n") this.#line--;
    return this.#line;
  }
}
