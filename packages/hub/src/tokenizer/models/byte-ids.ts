import type { Vocabulary } from "./vocabulary.js";

const encoder = new TextEncoder();

/** Gives the ids of the tokens <0x00> … <0xFF> for a text's UTF-8 bytes, or undefined when one has none. */
export function byteIds(
  vocabulary: Pick<Vocabulary, "get">,
): (text: string) => readonly number[] | undefined {
  const ids = Array.from({ length: 256 }, (_, byte) =>
    vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  );
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
