/** Whether a word character ends at `end`. */
export function endsWithWord(text: string, end: number): boolean {
  return /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u.test(text.slice(Math.max(0, end - 2), end));
}

/** Whether a word character begins at `start`. */
export function startsWithWord(text: string, start: number): boolean {
  return /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u.test(text.slice(start, start + 2));
}

/** Where the white space begins that ends at `end`. */
export function spacesStart(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\p{White_Space}/u.test(text[at - 1] ?? "")) at--;
  return at;
}

/** Where the white space ends that begins at `start`. */
export function spacesEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\p{White_Space}/u.test(text[at] ?? "")) at++;
  return at;
}
