/**
 * BERT's tokenizer, written from its description, one code point at a time: clean, separate
 * ideographs, strip accents, lowercase, split at white space and punctuation, then take the longest
 * known piece first. Case is mapped character by character, as in the reference library.
 */
export function wordPieceReference(
  text: string,
  vocab: ReadonlyMap<string, number>,
  options: { lowercase?: boolean; stripAccents?: boolean } = {},
): number[] {
  const { lowercase = true, stripAccents = lowercase } = options;
  const words = splitWords(normalize(text, lowercase, stripAccents));
  return [id(vocab, "[CLS]"), ...words.flatMap((word) => pieces(word, vocab)), id(vocab, "[SEP]")];
}

function id(vocab: ReadonlyMap<string, number>, token: string): number {
  const found = vocab.get(token);
  if (found === undefined) throw new Error(`no ${token} in the vocabulary`);
  return found;
}

function normalize(text: string, lowercase: boolean, stripAccents: boolean): string {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0 || code === 0xfffd) continue;
    if (/[\t\n\r]|\p{White_Space}/u.test(char) && !isControl(char)) out += " ";
    else if (isControl(char)) continue;
    else if (isIdeograph(code)) out += ` ${char} `;
    else out += char;
  }
  if (stripAccents) out = [...out.normalize("NFD")].filter((c) => !/\p{Mn}/u.test(c)).join("");
  return lowercase ? Array.from(out, (char) => char.toLowerCase()).join("") : out;
}

function isControl(char: string): boolean {
  return !/[\t\n\r]/.test(char) && /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(char);
}

const ideographs = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
] as const;

function isIdeograph(code: number): boolean {
  return ideographs.some(([from, to]) => code >= from && code <= to);
}

function isPunctuation(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  const ascii =
    (code >= 33 && code <= 47) ||
    (code >= 58 && code <= 64) ||
    (code >= 91 && code <= 96) ||
    (code >= 123 && code <= 126);
  return ascii || /\p{P}/u.test(char);
}

function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = "";
  const finish = () => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (const char of text) {
    if (/\p{White_Space}/u.test(char)) finish();
    else if (isPunctuation(char)) {
      finish();
      words.push(char);
    } else word += char;
  }
  finish();
  return words;
}

function pieces(word: string, vocab: ReadonlyMap<string, number>): number[] {
  const chars = Array.from(word);
  const unknown = [id(vocab, "[UNK]")];
  if (chars.length > 100) return unknown;
  const found: number[] = [];
  let from = 0;
  while (from < chars.length) {
    let to = chars.length;
    let piece: number | undefined;
    for (; to > from; to -= 1) {
      piece = vocab.get((from > 0 ? "##" : "") + chars.slice(from, to).join(""));
      if (piece !== undefined) break;
    }
    if (piece === undefined) return unknown;
    found.push(piece);
    from = to;
  }
  return found;
}
