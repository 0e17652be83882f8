import fc from "fast-check";
import { expect, test } from "vitest";
import { occurrencesOf } from "../../src/tokenizer/pre-tokenizers/occurrences.js";

/** The places at which String.split splits. */
function reference(text: string, needle: string): number[] {
  const matches: number[] = [];
  let at = 0;
  for (const part of text.split(needle).slice(0, -1)) {
    matches.push(at + part.length, at + part.length + needle.length);
    at += part.length + needle.length;
  }
  return matches;
}

test("a long needle is found where String.split splits", () => {
  const unit = fc.array(fc.constantFrom("a", "a", "b"), { minLength: 1, maxLength: 5 });
  const needle = fc.tuple(unit, unit).map(([start, repeated]) => {
    const long = start.join("") + repeated.join("").repeat(70);
    return long.slice(0, 70);
  });
  fc.assert(
    fc.property(
      needle,
      fc.array(fc.oneof(unit, fc.constant("needle")), { maxLength: 8 }),
      (sought, parts) => {
        const text = parts
          .map((part) => (typeof part === "string" ? sought : part.join("")))
          .join("");
        const overlapping = text + sought.slice(0, 40) + sought;
        expect(occurrencesOf(sought)(overlapping)).toEqual(reference(overlapping, sought));
      },
    ),
    { numRuns: 2000 },
  );
});

test("a long needle that nearly matches everywhere takes no more time", () => {
  const needle = `${"a".repeat(50_000)}b${"a".repeat(50_000)}`;
  expect(occurrencesOf(needle)("a".repeat(1_000_000))).toEqual([]);
});
