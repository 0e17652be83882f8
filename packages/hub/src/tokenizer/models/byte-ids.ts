import type { Vocabulary } from "./vocabulary.js";

const encoder = new TextEncoder();

const byteTokens = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
);

/** Whether the vocabulary has all the tokens <0x00> … <0xFF>. */
export function hasEveryByte(vocabulary: Pick<Vocabulary, "get">): boolean {
  return byteTokens.every((token) => vocabulary.get(token) !== undefined);
}

/**
 * Returns the ids of the tokens <0x00> … <0xFF> for the UTF-8 bytes of a text, or undefined when a
 * byte has no token.
 */
export function byteIds(
  vocabulary: Pick<Vocabulary, "get">,
): (text: string) => readonly number[] | undefined {
  const ids = byteTokens.map((token) => vocabulary.get(token));
  return (text) => {
    const found: number[] = [];
    for (const byte of encoder.encode(text)) {
      const id = ids[byte];
      if (id === undefined) return undefined;
      found.push(id);
    }
    return found;
  };
}
