import { ModelFileError } from "@ripvec/core";
import { expect, test } from "vitest";
import { readMerges, readVocabText } from "../../src/tokenizer-config/vocabulary-text.js";

test("vocab.txt loses the white space of Unicode at the ends of lines, as in Rust", () => {
  const lines = ["a ", "b\t", "c\u3000", "d\u0085", "e\ufeff", "f\u00a0", "", "g\r", "a", "\u2028"];
  const more = ["h\x1c", "i\u200b", " j", "\ufefffirst"];
  // The result of tokenizers.models.WordPiece.read_file.
  expect(readVocabText(`${[...lines, ...more].join("\n")}\n`)).toEqual({
    b: 1,
    c: 2,
    d: 3,
    "e\ufeff": 4,
    f: 5,
    g: 7,
    a: 8,
    "": 9,
    "h\x1c": 10,
    "i\u200b": 11,
    " j": 12,
    "\ufefffirst": 13,
  });
  expect(readVocabText("x\r\ny\r\nz")).toEqual({ x: 0, y: 1, z: 2 });
  expect(readVocabText("x\n\n\n")).toEqual({ x: 0, "": 2 });
});

test("merges.txt holds a pair on each line, except on lines that name a version", () => {
  expect(readMerges("#version: 0.2\na b\n", "merges.txt")).toEqual([["a", "b"]]);
  expect(readMerges("a b\r\n", "merges.txt")).toEqual([["a", "b"]]);
  expect(readMerges("# x\na b", "merges.txt")).toEqual([
    ["#", "x"],
    ["a", "b"],
  ]);
  for (const text of ["a b\n\n", "a  b\n", "a b c\n", "#version\n\nb c\n"]) {
    expect(() => readMerges(text, "merges.txt"), text).toThrow(ModelFileError);
  }
});
