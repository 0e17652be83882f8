import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  byteOrderMarks,
  looksLikeUtf16,
  markOf,
  mayBecomeMark,
  type TextEncoding,
  utf8,
} from "../src/text-encoding.js";

/** Bytes that often make or break UTF-8. */
const bytes = fc
  .array(
    fc.constantFrom(0x41, 0x0a, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x80, 0xed, 0xa0, 0xff),
    { maxLength: 12 },
  )
  .map((list) => Buffer.from(list));

test("valid UTF-8 and the first invalid byte are those of Node's own check", () => {
  fc.assert(
    fc.property(bytes, (input) => {
      const text = utf8.decode(input);
      expect(text !== undefined).toBe(isUtf8(input));
      if (text !== undefined) {
        expect(Buffer.from(text)).toEqual(input);
        return;
      }
      const at = utf8.wrongByte(input);
      expect(isUtf8(input.subarray(0, at))).toBe(true);
      for (let length = 1; length <= 4 && at + length <= input.length; length++) {
        expect(isUtf8(input.subarray(at, at + length))).toBe(false);
      }
    }),
    { numRuns: 2000 },
  );
});

test("U+FFFD in the file is text, and differs from a replacement character", () => {
  const real = Buffer.from("a\ufffdb");
  expect(utf8.decode(real)).toBe("a\ufffdb");
  const both = Buffer.concat([real, Buffer.from([0xe9])]);
  expect(utf8.decode(both)).toBeUndefined();
  expect(utf8.wrongByte(both)).toBe(5);
});

test("U+0000 is not text", () => {
  expect(utf8.decode(Buffer.from("ab\0c"))).toBeUndefined();
  expect(utf8.wrongByte(Buffer.from("ab\0c"))).toBe(2);
});

const withMark = (hex: string): TextEncoding | undefined =>
  markOf(Buffer.from(hex.replaceAll(" ", ""), "hex"))?.encoding;

// Bytes from The Unicode Standard, tables 3-4 and 3-5.
test.each([
  ["ff fe", "4d 00 30 04 8c 4e 00 d8 02 df", "M\u0430\u4e8c\u{10302}"],
  ["fe ff", "00 4d 04 30 4e 8c d8 00 df 02", "M\u0430\u4e8c\u{10302}"],
])("UTF-16 after %s", (mark, hex, expected) => {
  const encoding = withMark(mark);
  expect(encoding?.decode(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(expected);
});

test.each([
  ["ff fe", "61 00 00 d8 62 00", 2],
  ["ff fe", "61 00 00 dc", 2],
  ["fe ff", "00 61 00 00", 2],
  ["fe ff", "00 61 00", 2],
])("half a character, U+0000 or half a unit after %s: %s", (mark, hex, at) => {
  const encoding = withMark(mark);
  const input = Buffer.from(hex.replaceAll(" ", ""), "hex");
  expect(encoding?.decode(input)).toBeUndefined();
  expect(encoding?.wrongByte(input)).toBe(at);
});

test("a line end in UTF-16 is a whole unit: U+0A05 U+0100 contains its two bytes across units", () => {
  const little = withMark("ff fe");
  expect(little?.lineEnd(Buffer.from("\u0a05\u0100", "utf16le"), 0)).toBe(-1);
  expect(little?.lineEnd(Buffer.from("\u0a05\n", "utf16le"), 0)).toBe(2);
});

test("UTF-32 is recognised by its mark, which begins like that of UTF-16", () => {
  const mark = markOf(Buffer.from([0xff, 0xfe, 0, 0, 0x41]));
  expect(mark).toEqual({ bytes: [0xff, 0xfe, 0, 0], encoding: undefined });
  expect(mayBecomeMark(Buffer.from([0xff, 0xfe]))).toBe(true);
  expect(mayBecomeMark(Buffer.from([0xff, 0xfe, 0x41]))).toBe(false);
  expect(mayBecomeMark(Buffer.from("a"))).toBe(false);
  for (const { bytes: whole } of byteOrderMarks)
    expect(markOf(Uint8Array.from(whole))).toBeDefined();
});

test("UTF-16 without a mark is recognised, other bytes with zeros are not", () => {
  expect(looksLikeUtf16(Buffer.from("Grüße\n", "utf16le"))).toBe(true);
  expect(looksLikeUtf16(Buffer.from("Grüße\n", "utf16le").swap16())).toBe(true);
  expect(looksLikeUtf16(Buffer.from("text with one \0 in it"))).toBe(false);
  expect(looksLikeUtf16(Buffer.from([0, 0, 0, 1, 0, 0, 0, 2]))).toBe(false);
});
