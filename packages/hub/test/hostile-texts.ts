import { randomInt } from "./sample-texts.js";

/** Parts of texts that break steps which depend on more than one character. */
const units: Readonly<Record<string, readonly string[]>> = {
  letter: ["x"],
  dashes: ["-"],
  dna: [..."acgt"],
  base64: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"],
  digits: [..."0123456789"],
  spaces: [" "],
  "white space": [..." \t\n\r\u00a0\u2003\u3000\u0085"],
  "space and letter": [..."   a"],
  newlines: ["\r\n", "\n", "\r", " "],
  ideographs: [..."中文字符測試日本語"],
  kana: [..."カタナひらがなー、。", "\uff76", "\uff9e"],
  syllables: [..."한국어가각텍스트"],
  jamo: ["\u1100", "\u1161", "\u11a8", "\u1112", "\u1175", "\uac00", "\u3133"],
  vowels: ["\u1161"],
  mark: ["\u0301"],
  marks: ["\u0301", "\u0316", "\u0327", "\u0345", "\u05b4", "\u0344", "\u3099", "\u302e", "\u0f73"],
  "letters and marks": [
    "e",
    "\u0301",
    "o",
    "\u0308",
    "\u0323",
    "é",
    "Å",
    "\u1ebf",
    "\u09c7",
    "\u09be",
    "\u0cc6",
    "\u0cc2",
    "\u0cd5",
  ],
  emoji: ["👩", "\u200d", "👧", "👍🏽", "❤️", "\ufe0f"],
  joined: ["👩\u200d"],
  flags: ["🇩", "🇪", "🇫"],
  conjuncts: ["क", "\u094d", "ष", "\u200d", "ा"],
  prepends: ["\u0600", "1", "\u0300"],
  quotes: ["'s", "'t", "'", "’", "'ll", "l", "ve"],
  controls: ["\u0000", "\u0001", "\u200b", "\ufeff", "\ufffd", "\u00ad", "a"],
  surrogates: ["\ud83d", "\ude00", "\ud83d\ude00", "a", "\udbff\udc00"],
  words: ["hello", " ", "world", " the", ",", " ", "isn't", "HELLO", "\n"],
  scripts: ["a", "я", "中", "1", " ", "か", "ー", "\u0301"],
  tokens: [
    "[MASK]",
    "[CLS]",
    "<s>",
    "</s>",
    "<mask>",
    " ",
    "  ",
    "hello",
    "[",
    "<",
    "<<s",
    "<m",
    "[MAS",
  ],
  wide: ["ﬁ", "Ａ", "Ⅷ", "①", "İ", "ß", "Σ", "\ufdfa", "½", "№"],
  chain: Array.from({ length: 900 }, (_, i) => String.fromCodePoint(0x4e00 + i)),
  "a letter and its marks": ["\u0301", "\u0302"],
  any: [],
};

export const textKinds: readonly string[] = Object.keys(units);

/** A text of about `length` UTF-16 units, the same for each seed. */
export function hostileText(kind: string, length: number, seed: number): string {
  const below = randomInt(seed * 1_000_003 + textKinds.indexOf(kind));
  below(2);
  const given = units[kind] ?? [];
  let text = kind === "a letter and its marks" ? "e\u0302\u0301" : "";
  for (let i = 0; text.length < length; i++) {
    if (kind === "chain") text += given[i % given.length] ?? "";
    else if (given.length > 0) text += given[below(given.length)] ?? "";
    else
      text += hostileText(textKinds[below(textKinds.length - 1)] ?? "", 1 + below(40), below(1e6));
  }
  return text;
}

/** The text in parts of up to `most` UTF-16 units, which do not split surrogate pairs. */
export function partsOf(text: string, most: number, seed: number): string[] {
  const below = randomInt(seed);
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start + 1 + below(most);
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1)) && /[\udc00-\udfff]/.test(text.charAt(end)))
      end++;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}
