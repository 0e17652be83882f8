import { InputError, truncateEncoding } from "@ripvec/core";
import { expect, test } from "vitest";

const encoding = {
  inputIds: [101, 1, 2, 3, 102],
  tokenTypeIds: [0, 1, 0, 1, 0],
  attentionMask: [1, 1, 1, 1, 1],
};

test("keeps the head and the closing tokens", () => {
  expect(truncateEncoding(encoding, 4, 1)).toEqual({
    inputIds: Int32Array.of(101, 1, 2, 102),
    tokenTypeIds: Int32Array.of(0, 1, 0, 0),
  });
  expect(truncateEncoding(encoding, 2, 1).inputIds).toEqual(Int32Array.of(101, 102));
  expect(truncateEncoding(encoding, 3, 2).inputIds).toEqual(Int32Array.of(101, 3, 102));
  expect(truncateEncoding(encoding, 3, 0).inputIds).toEqual(Int32Array.of(101, 1, 2));
});

test("truncation at the left keeps the opening tokens", () => {
  const left = { suffixTokens: 1, prefixTokens: 1, truncationSide: "left" } as const;
  expect(truncateEncoding(encoding, 4, left)).toEqual({
    inputIds: Int32Array.of(101, 2, 3, 102),
    tokenTypeIds: Int32Array.of(0, 0, 1, 0),
  });
  expect(truncateEncoding(encoding, 3, left).inputIds).toEqual(Int32Array.of(101, 3, 102));
  const bare = { suffixTokens: 0, truncationSide: "left" } as const;
  expect(truncateEncoding(encoding, 2, bare).inputIds).toEqual(Int32Array.of(3, 102));
  expect(truncateEncoding(encoding, 5, left)).toBe(encoding);
  const padded = { inputIds: [0, 101, 1, 2, 102, 0], attentionMask: [0, 1, 1, 1, 1, 0] };
  expect(truncateEncoding(padded, 3, left)).toEqual({ inputIds: Int32Array.of(101, 2, 102) });
  expect(() => truncateEncoding(encoding, 2, left)).toThrow(InputError);
});

test("takes a tokenizer as the rule, which truncates at the right by default", () => {
  for (const rule of [{ suffixTokens: 1 }, { suffixTokens: 1, prefixTokens: 1 }]) {
    expect(truncateEncoding(encoding, 3, rule).inputIds).toEqual(Int32Array.of(101, 1, 102));
  }
});

test("returns an encoding that fits unchanged", () => {
  expect(truncateEncoding(encoding, 5, 1)).toBe(encoding);
  const padded = { inputIds: [101, 1, 102, 0, 0], attentionMask: [1, 1, 1, 0, 0] };
  expect(truncateEncoding(padded, 3, 1)).toBe(padded);
});

test("counts and keeps real tokens only", () => {
  const padded = { inputIds: [101, 1, 2, 102, 0, 0], attentionMask: [1, 1, 1, 1, 0, 0] };
  expect(truncateEncoding(padded, 3, 1)).toEqual({ inputIds: Int32Array.of(101, 1, 102) });
});

test("maxTokens must exceed the number of closing tokens", () => {
  expect(() => truncateEncoding(encoding, 1, 1)).toThrow(InputError);
  expect(() => truncateEncoding(encoding, 2.5, 1)).toThrow(InputError);
});

test("keeps how many of the first tokens are a prompt's", () => {
  const prompted = { ...encoding, promptTokens: 2 };
  expect(truncateEncoding(prompted, 3, 1).promptTokens).toBe(2);
  expect(truncateEncoding({ ...encoding, promptTokens: 4 }, 3, 1).promptTokens).toBe(3);
});
