const encoder = new TextEncoder();

/** Printable characters stand for themselves; the n-th other byte is the character 256 + n. */
const characterOfByte: readonly string[] = (() => {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(isPrintable ? byte : 256 + others++);
  });
})();

const isPrintableAscii = /^[ -~]*$/;

/**
 * The UTF-8 bytes of a text, each as the character that stands for it in byte-level vocabularies.
 */
export function byteCharacters(text: string): string {
  if (isPrintableAscii.test(text)) return text.replaceAll(" ", "\u0120");
  let out = "";
  for (const byte of encoder.encode(text)) out += characterOfByte[byte] ?? "";
  return out;
}
