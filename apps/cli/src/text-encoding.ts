/** How bytes represent text. Invalid bytes are refused, never replaced. */
export interface TextEncoding {
  readonly name: string;
  /** Bytes per unit: a line begins at a multiple. */
  readonly unitBytes: 1 | 2;
  /** Index of the first line end from `from` on; -1 when there is none. */
  lineEnd(bytes: Buffer, from: number): number;
  /**
   * Undefined when the bytes are invalid in this encoding, or contain U+0000, which no text has.
   */
  decode(bytes: Buffer): string | undefined;
  /** Index of the first invalid byte, of bytes that `decode` refuses. */
  wrongByte(bytes: Buffer): number;
}

export interface ByteOrderMark {
  readonly bytes: readonly number[];
  /** Undefined for an encoding that is recognised and not supported: UTF-32. */
  readonly encoding: TextEncoding | undefined;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
/** The bytes of a U+FFFD that the file really contains. */
const replacement = "\xef\xbf\xbd";

export const utf8: TextEncoding = {
  name: "UTF-8",
  unitBytes: 1,
  lineEnd: (bytes, from) => bytes.indexOf(10, from),
  decode(bytes) {
    if (bytes.includes(0)) return undefined;
    try {
      return strict.decode(bytes);
    } catch {
      return undefined;
    }
  },
  wrongByte(bytes) {
    const text = lenient.decode(bytes);
    let [at, from] = [0, 0];
    for (const { 0: character, index } of text.matchAll(/[\0\ufffd]/g)) {
      at += Buffer.byteLength(text.slice(from, index));
      from = index;
      if (character === "\0" || bytes.toString("latin1", at, at + 3) !== replacement) return at;
    }
    return bytes.length;
  },
};

/** U+0000, and lone surrogates. */
const noText = /[\0\p{Cs}]/u;

/** `low`: which of the two bytes of a unit is the low one. */
function utf16(name: string, low: 0 | 1): TextEncoding {
  const textOf = (bytes: Buffer): string =>
    (low === 0 ? bytes : Buffer.from(bytes).swap16()).toString("utf16le");
  return {
    name,
    unitBytes: 2,
    lineEnd(bytes, from) {
      for (let at = from; at + 1 < bytes.length; at += 2) {
        if (bytes[at + low] === 10 && bytes[at + 1 - low] === 0) return at;
      }
      return -1;
    },
    decode(bytes) {
      if (bytes.length % 2 === 1) return undefined;
      const text = textOf(bytes);
      return noText.test(text) ? undefined : text;
    },
    wrongByte(bytes) {
      const whole = bytes.subarray(0, bytes.length & ~1);
      const unit = textOf(whole).search(noText);
      return unit < 0 ? whole.length : 2 * unit;
    },
  };
}

/** Longer marks come first, because that of UTF-32 begins like that of UTF-16. */
export const byteOrderMarks: readonly ByteOrderMark[] = [
  { bytes: [0xff, 0xfe, 0, 0], encoding: undefined },
  { bytes: [0, 0, 0xfe, 0xff], encoding: undefined },
  { bytes: [0xef, 0xbb, 0xbf], encoding: utf8 },
  { bytes: [0xff, 0xfe], encoding: utf16("UTF-16 (little-endian)", 0) },
  { bytes: [0xfe, 0xff], encoding: utf16("UTF-16 (big-endian)", 1) },
];

/** The byte order mark at the start; undefined when there is none. */
export function markOf(bytes: Uint8Array): ByteOrderMark | undefined {
  return byteOrderMarks.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte));
}

/** Whether further bytes could make it a longer mark. */
export function mayBecomeMark(bytes: Uint8Array): boolean {
  return byteOrderMarks.some(
    (mark) =>
      bytes.length < mark.bytes.length && bytes.every((byte, index) => mark.bytes[index] === byte),
  );
}

/**
 * Whether zeros are at every second position only, and at half of these or more, as in Latin text
 * in UTF-16.
 */
export function looksLikeUtf16(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 1024);
  let [even, odd] = [0, 0];
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even++;
    else odd++;
  }
  return (even === 0 || odd === 0) && even + odd > 0 && even + odd >= sample.length / 4;
}
