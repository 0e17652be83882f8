/** A small linear congruential generator: the same texts in every run. */
export function randomInt(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export const fixedTexts: readonly string[] = [
  "",
  " ",
  "hello world",
  "Hello, World! It's 3:45pm — isn't it?",
  "naïve café Ångström Łódź ÀÉÎÕÜ ñandú",
  "cafe\u0301 A\u030angstro\u0308m e\u0301\u0302\u0303",
  "ΟΔΟΣ Σίσυφος ΣΑΣ",
  "İstanbul ISPARTA ı",
  "straße STRASSE ẞ",
  "中文字符測試 日本語テスト カタカナ ｶﾀｶﾅ 한국어 텍스트",
  "混合 mixed 中english文",
  "\u{20000}\u{2A700}\u{2B740}\u{2B820}\u{2F800} beyond the basic plane",
  "豈更 \uF900\uFAFF",
  "😀 👍🏽 👩‍👩‍👧‍👦 🇩🇪 ❤️",
  "tab\tnewline\nreturn\r\nvertical\u000bform\u000c",
  "nul\u0000in\u0000side \u0001\u001f\u007f\u0080\u009f",
  "zero\u200bwidth\u200djoiner\ufeffbom\u2060",
  "no\u00a0break\u2003em\u3000ideographic\u1680ogham\u2028line\u2029para",
  "lone \ud83d surrogate \ude00 reversed \ude00\ud83d",
  "replacement \ufffd char",
  "private \ue000 use \u{f0000}",
  "[CLS] is a token, [MASK] too, [SEP][SEP], [cls] isn't",
  "$100 £5 €7 ¥9 ^caret `tick` ~tilde| <tag> +1=2",
  "«quotes» „low“ ‚single‘ …ellipsis ‽ ⁈ 、。「」",
  "العربية مُشَكَّلَة עִבְרִית ไทย हिन्दी தமிழ்",
  "ﬁ ligature ﬂ ² ³ ½ № ℡ Ⅷ",
  "a".repeat(100),
  "a".repeat(101),
  `${"ab".repeat(60)} tail`,
  "don't can't won't they're I'm you've",
  "x".repeat(3) + "\u0301".repeat(50),
  "__proto__ constructor toString hasOwnProperty",
];

const alphabets: readonly string[] = [
  "abcdefghij ABC",
  "hello world the of and ing ed",
  ".,;:!?()[]{}'\"-_/\\@#$%^&*+=<>|~`",
  "àéîõüñçÀÉÎ\u0301\u0308\u030a",
  "中文字日本語한국어カタ\u{20000}\u{2A700}",
  "😀👍🏽\u200d❤️🇩🇪",
  "\u0000\u0001\t\n\r\u000b\u001f\u007f\u0085\u00a0\u200b\u2028\ufeff\ufffd",
  "ΑΒΓΣσςαβ",
  "АБВабвёЁй",
  "\ud83d\ude00\udbff\udc00",
  "0123456789²½Ⅷ",
];

/** Texts that mix scripts, marks, control characters and lone surrogates. */
export function randomTexts(count: number, seed: number): string[] {
  const next = randomInt(seed);
  return Array.from({ length: count }, () => {
    let text = "";
    const runs = 1 + next(8);
    for (let run = 0; run < runs; run += 1) {
      const alphabet = Array.from(alphabets[next(alphabets.length)] ?? "");
      const length = 1 + next(12);
      for (let i = 0; i < length; i += 1) text += alphabet[next(alphabet.length)] ?? "";
      if (next(3) === 0) text += " ";
    }
    return text;
  });
}
