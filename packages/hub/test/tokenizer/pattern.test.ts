import { describe, expect, test } from "vitest";
import { createNormalizer } from "../../src/tokenizer/normalizers/create-normalizer.js";
import { compilePattern } from "../../src/tokenizer/regex/compile-pattern.js";

const marked = (source: string, text: string): string =>
  createNormalizer({ type: "Replace", pattern: { Regex: source }, content: "<>" })(text);

/** Results of Oniguruma 6.9 through `Replace` of the Rust library `tokenizers` 0.23.3. */
test.each([
  ["^", "a\nb\n", "<>a\n<>b\n"],
  ["$", "a\nb\n", "a<>\nb<>\n<>"],
  ["\\Z", "a\n", "a<>\n<>"],
  ["\\z", "a\n", "a\n<>"],
  [".", "a\r\n\u2028", "<><>\n<>"],
  ["(?m:.)", "a\n", "<><>"],
  ["a(?i)b|c", "aB C ac aC", "<> C <> <>"],
  ["(?i:s)", "sSſß", "<><><>ß"],
  ["(?i:[^s])", "sSſß", "sSſ<>"],
  ["(?i:\\p{Lu})", "aA", "a<>"],
  ["(?i:[\\p{Lu}&&a-z]|K)", "aAkK\u212a", "aA<><><>"],
  ["[\\w]", "a²_é中-", "<>²<><><>-"],
  ["\\w", "a²_é中-", "<><><><><>-"],
  ["[^a-z&&b]", "abc", "<>b<>"],
  ["[a-c-]", "abcd-", "<><><>d<>"],
  ["[[:^alpha:]1]", "a1 ", "a<><>"],
  ["\\p{^L}|\\P{^Lu}", "aA1", "a<><>"],
  ["a++a", "aaa", "aaa"],
  ["a?+a", "aa", "<>"],
  ["(?>a|ab)c", "abcac", "abc<>"],
  ["a{,2}", "aaa", "<><>"],
  ["a{1,2}+", "aaaa", "<>"],
  ["a{,}", "a{,}", "<>"],
  ["x*", "axb", "<>a<>b<>"],
  ["\\B", "a👩b", "a👩b"],
  ["\\R", "\r\n\u0085\r", "<><><>"],
  ["(?<n>a)(b)", "ab", "<>"],
  ["(^|a)?", "aa", "<>a<>"],
])("%j in %j", (source, text, expected) => {
  expect(marked(source, text)).toBe(expected);
});

describe("a pattern that cannot be matched as in the reference is refused by name", () => {
  test.each([
    ["\\X", "\\X"],
    ["\\Ka", "\\K"],
    ["(a)\\1", "\\1"],
    ["(?x: a)", "(?x"],
    ["(?~a)", "(?~"],
    ["(?P<n>a)", "(?P"],
    ["\\p{Emoji}", "Emoji"],
    ["\\pL", "\\p without braces"],
    ["\\xe9", "code e9"],
    ["(?:a?)+", "repeated part that can be empty"],
    ["(?i:ß)", "equals several"],
    ["(?i:[\\p{L}])", "equals several"],
    ["(?i:st)", "together equal one"],
    ["(?i:s(?:s))", "together equal one"],
    ["(?i:s{2})", "together equal one"],
    ["(?<=a++)b", "atomic group in a look-behind"],
    ["(?<=a+|b)c", "look-behind without a fixed length"],
    ["a{2}?", "{2}?"],
    ["[a&&]", "&&"],
    ["[a[^\\D\\d]]", "negated class that contains all"],
    ["(a", "unmatched ("],
    ["a)", "unmatched )"],
    ["[a", "unexpected end"],
    ["*a", "* with nothing before it"],
    ["\\b+", "place without width"],
  ])("%j", (source, construct) => {
    const compile = () => compilePattern({ source, isRegex: true });
    expect(compile).toThrow(JSON.stringify(source));
    expect(compile).toThrow(construct);
  });
});
