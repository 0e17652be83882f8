/**
 * What a terminal may take for a command, or what moves text about: control characters, line and paragraph separators,
 * the bidirectional controls of UAX 9, and surrogates that stand alone.
 */
const unsafe = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\p{Cs}]/gu;

const shortForms: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * A text from outside (a file name, a field of a model file, an answer of a server) as it may be printed: in one line,
 * with visible escapes such as `\u{1b}` for what a terminal would act on. Where that has more than `maxLength` UTF-16
 * units the middle is left out, and the number of units left out stands in its place.
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
  // The cuts may have parted a surrogate pair.
  return `${head} … (${left} characters left out) … ${tail}`.replace(/\p{Cs}/gu, "");
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return shortForms.get(character) ?? `\\u{${code.toString(16)}}`;
}
