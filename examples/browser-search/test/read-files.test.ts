import { expect, test } from "vitest";
import { readFiles } from "../src/page/read-files.js";

const file = (name: string, ...parts: (string | Uint8Array<ArrayBuffer>)[]) =>
  new File(parts, name);

test("reads text, and gives the reason for each other file", async () => {
  const { texts, refused } = await readFiles([
    file("a.txt", "Grüße"),
    file("picture.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0)),
    file("latin.txt", Uint8Array.of(0x47, 0x72, 0xfc, 0xdf)),
    file("zeros.bin", "a\0b"),
    file("nothing.txt"),
    file("blank.txt", " \n "),
    file("large.txt", new Uint8Array(20_000_001)),
    file("b.md", "# Fine"),
  ]);
  expect(texts).toEqual([
    { name: "a.txt", text: "Grüße" },
    { name: "b.md", text: "# Fine" },
  ]);
  expect(refused.map((line) => line.replace(/^(\S+:) .*?(text|empty|limit).*$/, "$1 $2"))).toEqual([
    "picture.png: text",
    "latin.txt: text",
    "zeros.bin: text",
    "nothing.txt: empty",
    "blank.txt: empty",
    "large.txt: limit",
  ]);
});
