import fc from "fast-check";
import { expect, test } from "vitest";
import { lines } from "../src/lines.js";

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

test("however the bytes arrive, the lines are the same", async () => {
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

test("a line comes out before the next one has arrived", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("first\nsec");
    await new Promise(() => {});
  }
  const { value } = await lines(endless()).next();
  expect(value).toBe("first");
});
