import fc from "fast-check";
import { expect, test } from "vitest";
import { lines, maxLineBytes } from "../src/lines.js";

async function split(chunks: readonly Uint8Array[]): Promise<string[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const found: string[] = [];
  for await (const line of lines(source())) found.push(line);
  return found;
}

test.each([
  ["", []],
  ["one", ["one"]],
  ["one\n", ["one"]],
  ["one\r\ntwo\r\n", ["one", "two"]],
  ["a\n\nb\n", ["a", "", "b"]],
  ["\n", [""]],
  ["\ufeffmark\n", ["mark"]],
])("%j", async (text, expected) => {
  expect(await split([Buffer.from(text)])).toEqual(expected);
});

test("the lines do not depend on how the bytes arrive", async () => {
  const text = fc.array(fc.constantFrom("a", "é", "你", "🚀", "\n", "\r\n", " "), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), async (parts, size) => {
      const bytes = Buffer.from(parts.join(""));
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(await split(chunks)).toEqual(await split([bytes]));
    }),
    { numRuns: 200 },
  );
});

const inUtf16 = (text: string, order: "LE" | "BE"): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return order === "LE" ? bytes : bytes.swap16();
};

test.each(["LE", "BE"] as const)(
  "UTF-16%s with its mark gives the lines of the text",
  async (order) => {
    const text = "first\r\n\nä \u0a05\u0100 🚀\nlast";
    const bytes = inUtf16(text, order);
    for (const size of [1, 2, 3, 5, 1000]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(await split(chunks)).toEqual(["first", "", "ä \u0a05\u0100 🚀", "last"]);
    }
  },
);

/** The lines before the error, and its message. */
async function failing(bytes: Uint8Array, file?: string): Promise<[string[], string]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const before: string[] = [];
  try {
    for await (const line of lines(source(), { file })) before.push(line);
  } catch (error) {
    return [before, (error as Error).message];
  }
  throw new Error("it did not fail");
}

test.each([
  [
    "Latin-1",
    Buffer.from("caf\xe9\n", "latin1"),
    [],
    "f.txt, line 1: byte 4 is 0xe9, which is not valid UTF-8; convert it from its encoding, for example: iconv -f WINDOWS-1252 -t UTF-8 f.txt",
  ],
  [
    "an invalid line among valid ones",
    Buffer.from("good\n\xef\xbf\xbd\nna\xefve\nmore\n", "latin1"),
    ["good", "\ufffd"],
    "f.txt, line 3: byte 3 is 0xef, which is not valid UTF-8; convert it from its encoding, for example: iconv -f WINDOWS-1252 -t UTF-8 f.txt",
  ],
  [
    "UTF-16 without a mark",
    Buffer.from("hi\nho\n", "utf16le"),
    [],
    "f.txt, line 1: U+0000 is at byte 2, which text must not contain; convert it from its encoding, for example: iconv -f UTF-16LE -t UTF-8 f.txt",
  ],
  [
    "UTF-16 without a mark, big-endian",
    Buffer.from("hi\nho\n", "utf16le").swap16(),
    [],
    "f.txt, line 1: U+0000 is at byte 1, which text must not contain; convert it from its encoding, for example: iconv -f UTF-16BE -t UTF-8 f.txt",
  ],
  [
    "a file that ends inside a character",
    Buffer.from("one\n🚀").subarray(0, 6),
    ["one"],
    "f.txt, line 2: byte 1 is 0xf0, which is not valid UTF-8; convert it from its encoding, for example: iconv -f WINDOWS-1252 -t UTF-8 f.txt",
  ],
  [
    "half a surrogate pair",
    inUtf16("one\na\ud800\n", "LE"),
    ["one"],
    "f.txt, line 2: byte 3 is 0x00, which is not valid UTF-16 (little-endian); the UTF-16 is damaged: create the file again from its source",
  ],
  [
    "UTF-16 of odd length",
    Buffer.concat([inUtf16("one\nab", "BE"), Buffer.from("c")]),
    ["one"],
    "f.txt, line 2: byte 5 is 0x63, which is not valid UTF-16 (big-endian); the UTF-16 is damaged: create the file again from its source",
  ],
  [
    "U+0000 in UTF-16",
    inUtf16("one\na\0b\n", "LE"),
    ["one"],
    "f.txt, line 2: U+0000 is at byte 3, which text must not contain; the UTF-16 is damaged: create the file again from its source",
  ],
  ...["a\0b", "Grüße\0", "\0a", "a\0", "abc\0def\0ghi\0", `${"a".repeat(2000)}\0`].map(
    (line): [string, Buffer, string[], string] => [
      `U+0000 in ${JSON.stringify(line)}`,
      Buffer.from(`één\n${line}\n`),
      ["één"],
      `f.txt, line 2: U+0000 is at byte ${Buffer.from(line).indexOf(0) + 1}, which text must not contain; remove it`,
    ],
  ),
  [
    "UTF-16 without a mark, after a blank line",
    Buffer.from("\nho ho\n", "utf16le"),
    [""],
    /^f\.txt, line 2: .*iconv -f UTF-16LE /,
  ],
  [
    "UTF-16 with some non-Latin letters",
    Buffer.from("some words and €\n", "utf16le"),
    [],
    /^f\.txt, line 1: .*iconv -f UTF-16LE /,
  ],
  [
    "UTF-32",
    Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]),
    [],
    "f.txt is UTF-32, as its byte order mark says, which is not supported; convert it: iconv -f UTF-32 -t UTF-8 f.txt",
  ],
  ["a long line", Buffer.alloc(maxLineBytes + 1, "a"), [], /^f\.txt, line 1 is longer than 16 MiB/],
])("%s is refused with its location", async (_, bytes, before, message) => {
  const [given, said] = await failing(bytes, "f.txt");
  expect(given).toEqual(before);
  if (typeof message === "string") expect(said).toBe(message);
  else expect(said).toMatch(message);
});

test("a message names standard input, and quotes names for the shell", async () => {
  const [, unnamed] = await failing(Buffer.from([0xff, 10]));
  expect(unnamed).toMatch(
    /^standard input, line 1: .*… \| iconv -f WINDOWS-1252 -t UTF-8 \| ripvec …$/,
  );
  const [, named] = await failing(Buffer.from([0xff, 10]), "a 'b'\x1b.txt");
  expect(named).toMatch(/iconv .* 'a '\\''b'\\''\\u\{1b\}\.txt'$/);
});

test("memory is bounded when no line ends", async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (; ; given += 65_536) yield Buffer.alloc(65_536, "x");
  }
  await expect(lines(endless()).next()).rejects.toThrow(/longer than 16 MiB/);
  expect(given).toBeLessThanOrEqual(maxLineBytes);
});

test("a line is yielded before the next one has arrived", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("first\nsec");
    await new Promise(() => {});
  }
  const { value } = await lines(endless()).next();
  expect(value).toBe("first");
});
