/** Texts that every tokenizer that opens must encode. */
export const probeTexts: readonly string[] = [
  "",
  " ",
  "Hello, world! Don't stop: it's 12,345.67 €.",
  "  Ünïcödé 中文字日本語 한국어 العربية हिन्दी \u{1f469}\u200d\u{1f4bb}  ",
  "[CLS] <s> [MASK] <mask> </s> ##a \u2581the \u0120a",
  "a\u0000b\u001bc\ufeffd\u2028e\ufffdf\ud800g\udfff",
  "cafe\u0301 \u1e9e\u0130I\u0131i \ufb01\u2460 \uff21\uff22",
  "x".repeat(500),
  "ab ".repeat(200),
  `${"a".repeat(63)}!`,
  "-=".repeat(150),
  "中".repeat(200),
];
