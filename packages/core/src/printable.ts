/**
 * Characters that a terminal may interpret as a command or that change the direction of text: control characters, line
 * and paragraph separators, the bidirectional controls of UAX 9, and unpaired surrogates.
 */
const unsafe = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\p{Cs}]/gu;

const shortForms: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Makes text from outside (a file name, a field of a model file, the answer of a server) safe to print: one line, with
 * visible escapes such as `\u{1b}` for characters that a terminal would interpret. If the result has more than
 * `maxLength` UTF-16 units, its middle is replaced by a note with the number of units that are left out.
 */
export function printable(text: string, maxLength: number = Number.POSITIVE_INFINITY): string {
  return shortened(text.replace(unsafe, escaped), maxLength);
}

function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const end = Math.floor(maxLength / 3);
  const left = text.length - maxLength;
  const head = text.slice(0, maxLength - end);
  const tail = text.slice(text.length - end);
  // A cut may have split a surrogate pair.
  return `${head} … (${left} characters left out) … ${tail}`.replace(/\p{Cs}/gu, "");
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return shortForms.get(character) ?? `\\u{${code.toString(16)}}`;
}
