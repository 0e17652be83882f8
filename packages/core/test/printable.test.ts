import { describe, expect, it } from "vitest";
import { ModelFileError, printable, ShapeError, UnsupportedError } from "../src/index.js";

describe("printable", () => {
  it("escapes all characters that a terminal interprets, and no others", () => {
    for (let code = 0; code < 0x110000; code++) {
      const character = String.fromCodePoint(code);
      const isControl = code < 0x20 || (code >= 0x7f && code <= 0x9f);
      const isSeparator = code === 0x2028 || code === 0x2029;
      const isMark = code === 0x61c || code === 0x200e || code === 0x200f;
      const isEmbedding = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
      const isSurrogate = code >= 0xd800 && code <= 0xdfff;
      const unsafe = isControl || isSeparator || isMark || isEmbedding || isSurrogate;
      if ((printable(character) !== character) !== unsafe) {
        throw new Error(`U+${code.toString(16)} gives ${JSON.stringify(printable(character))}`);
      }
    }
  });

  it("keeps ordinary text and shows escapes", () => {
    expect(printable("\u001b]0;title\u0007 \u009b2J\r\n\tend\u202e\ud800")).toBe(
      "\\u{1b}]0;title\\u{7} \\u{9b}2J\\r\\n\\tend\\u{202e}\\u{d800}",
    );
    expect(printable("naïve 文字 👩‍👩‍👧 e\u0301")).toBe("naïve 文字 👩‍👩‍👧 e\u0301");
  });

  it("leaves out the middle of a long text without splitting surrogate pairs", () => {
    expect(printable("abcdefghijkl", 6)).toBe("abcd … (6 characters left out) … kl");
    expect(printable("abcdef", 6)).toBe("abcdef");
    expect(printable("😀".repeat(10), 3)).toBe("😀 … (17 characters left out) … ");
  });
});

describe("messages of errors", () => {
  it("are one line and safe for a terminal, and the fields stay exact", () => {
    const path = "dir/\u001b[2J\nfake: 1 hit\u009b31m";
    const error = new ModelFileError("has no tensors", { path, tensor: "a\u0085b" });
    expect(error.message).toBe(
      'dir/\\u{1b}[2J\\nfake: 1 hit\\u{9b}31m, tensor "a\\u{85}b": has no tensors',
    );
    expect(error.path).toBe(path);
    expect(error.tensor).toBe("a\u0085b");
    const value = "\u001b]0;x\u0007\u202e";
    expect(new UnsupportedError({ what: "activation", value, supported: [] }).message).toBe(
      'unsupported activation "\\u001b]0;x\\u0007\\u{202e}"',
    );
  });

  it("are bounded, and keep their start and end", () => {
    const actual = Array.from({ length: 1_000_000 }, () => 7);
    const error = new ShapeError({ op: "gemm", argument: "a", expected: [2, 2], actual });
    expect(error.message.length).toBeLessThan(4_100);
    expect(error.message).toMatch(/^gemm: a must be \[2, 2\], got \[7, 7.* left out.* 7\]$/);
    expect(error.actual).toBe(actual);
    const controls = new ModelFileError("\u001b".repeat(100_000));
    expect(controls.message.length).toBeLessThan(4_100);
    expect(controls.message).toMatch(/^[ -~…]*$/);
  });

  it("show values that JSON lacks", () => {
    const message = (value: unknown) =>
      new UnsupportedError({ what: "pooling", value, supported: ["cls"] }).message;
    expect(message(10n)).toBe("unsupported pooling 10; supported: cls");
    expect(message(undefined)).toBe("unsupported pooling undefined; supported: cls");
    const loop: unknown[] = [];
    loop.push(loop);
    expect(message(loop)).toMatch(/^unsupported pooling .*; supported: cls$/);
  });
});
