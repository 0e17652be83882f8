/** A sentence, or a part of one that is too long, without the white space around it. */
export interface Piece {
  /** Number of the text's characters. */
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly endsParagraph: boolean;
  /** The beginning of a Markdown heading. */
  readonly opensSection: boolean;
}

/**
 * Longer sentences are halved before their tokens are counted, because a tokenizer takes long for
 * an endless sentence.
 */
const maxCharactersPerToken = 8;

/** The sentences of a text, in order; none has more than `maxTokens` tokens. */
export function* pieces(
  text: string,
  countTokens: (text: string) => number,
  maxTokens: number,
): Generator<Piece> {
  const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });
  for (const paragraph of paragraphs(text)) {
    const words = text.slice(paragraph.start, paragraph.end);
    const isHeading = /^#{1,6}\s/.test(words);
    let last: Piece | undefined;
    for (const { index, segment } of sentences.segment(words)) {
      const start = paragraph.start + index;
      for (const span of fitting(
        text,
        { start, end: start + segment.length },
        countTokens,
        maxTokens,
      )) {
        if (last) yield last;
        last = { ...span, endsParagraph: false, opensSection: isHeading && !last };
      }
    }
    if (last) yield { ...last, endsParagraph: true };
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text between blank lines. */
function* paragraphs(text: string): Generator<Span> {
  let start = 0;
  for (const { index, 0: gap } of text.matchAll(/\r?\n[^\S\n]*\r?\n\s*/g)) {
    if (index > start) yield { start, end: index };
    start = index + gap.length;
  }
  if (start < text.length) yield { start, end: text.length };
}

/** The span in halves, quarters … that have few enough tokens. */
function* fitting(
  text: string,
  span: Span,
  countTokens: (text: string) => number,
  maxTokens: number,
): Generator<Span & { readonly tokens: number }> {
  const { start, end } = trimmed(text, span);
  if (start === end) return;
  const isShort = end - start <= maxTokens * maxCharactersPerToken;
  const tokens = isShort ? countTokens(text.slice(start, end)) : Number.POSITIVE_INFINITY;
  if (tokens <= maxTokens || end - start < 2) {
    yield { start, end, tokens: Math.min(tokens, maxTokens) };
    return;
  }
  const middle = nearMiddle(text, start, end);
  yield* fitting(text, { start, end: middle }, countTokens, maxTokens);
  yield* fitting(text, { start: middle, end }, countTokens, maxTokens);
}

/**
 * The position after the white space nearest to the middle, in the inner half; else the middle, not
 * inside a surrogate pair.
 */
function nearMiddle(text: string, start: number, end: number): number {
  const middle = (start + end) >> 1;
  const reach = Math.max(1, (end - start) >> 2);
  for (let away = 0; away < reach; away++) {
    for (const place of [middle + away, middle - away]) {
      if (place > start && place < end && /\s/.test(text[place - 1] ?? "")) return place;
    }
  }
  const isPair = /[\uD800-\uDBFF]/.test(text[middle - 1] ?? "");
  return isPair && middle + 1 < end ? middle + 1 : middle;
}

function trimmed(text: string, { start, end }: Span): Span {
  const words = text.slice(start, end);
  const from = start + words.length - words.trimStart().length;
  return { start: from, end: Math.max(from, start + words.trimEnd().length) };
}
