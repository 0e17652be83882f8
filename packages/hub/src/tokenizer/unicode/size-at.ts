/** UTF-16 units of the character that begins at a position of a well-formed text. */
export function sizeAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
