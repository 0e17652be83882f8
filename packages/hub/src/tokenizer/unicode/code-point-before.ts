/** The code point that ends at `end`, above 0, of a well-formed text. */
export function codePointBefore(text: string, end: number): number {
  const pair = end > 1 ? (text.codePointAt(end - 2) ?? 0) : 0;
  return pair > 0xffff ? pair : text.charCodeAt(end - 1);
}
