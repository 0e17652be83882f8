import { readFileSync } from "node:fs";
import { truncateEncoding } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { expect, test } from "vitest";
import { createTokenizer } from "../../src/tokenizer.js";
import { hostileText, partsOf, textKinds } from "../hostile-texts.js";
import {
  bertTokenizerJson,
  robertaTokenizerJson,
  unigramTokenizerJson,
} from "../tokenizer-fixtures.js";
import { chainBpe, hostileTokenizers } from "./hostile-tokenizers.js";

interface ModelFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly tokenizer: JsonObject;
    readonly split?: boolean;
  }[];
}

const models: ModelFixture = JSON.parse(
  readFileSync(new URL("../fixtures/tokenizer-models.json", import.meta.url), "utf8"),
);

interface Case {
  readonly name: string;
  readonly tokenizer: JsonObject;
  readonly split?: boolean;
  /** The texts to encode; absent: all. */
  readonly kinds?: readonly string[];
}

const tokenizers: readonly Case[] = [
  { name: "BERT", tokenizer: bertTokenizerJson() },
  { name: "RoBERTa", tokenizer: robertaTokenizerJson() },
  { name: "XLM-RoBERTa", tokenizer: unigramTokenizerJson() },
  ...hostileTokenizers,
  ...models.cases.map((one, i) => ({ ...one, kinds: textKinds.filter((_, k) => k % 3 === i % 3) })),
];

/**
 * The number of tokens that are kept besides the special ones, the side that is kept, and the
 * longest part.
 */
const cuts = [
  [1, "right", 5_000],
  [100, "right", 50],
  [1_200, "right", 5_000],
  [Infinity, "right", 50],
  [Infinity, "right", 5_000],
  [100, "left", 5_000],
] as const;

test.each(tokenizers)(
  "a long text is encoded as the whole: $name",
  ({ tokenizer: json, split = false, kinds = textKinds }) => {
    const tokenizer = createTokenizer(json, { splitSpecialTokens: split });
    const special = (tokenizer.prefixTokens ?? 0) + tokenizer.suffixTokens;
    for (const [seed, kind] of kinds.entries()) {
      const text = hostileText(kind, 4_500, seed);
      const whole = tokenizer.encode(text);
      for (const [inner, side, longestPart] of cuts) {
        const maxTokens = inner + special;
        const parts = partsOf(text, longestPart, seed);
        const found = finish(tokenizer.encodeLong?.(parts, { maxTokens, side }));
        const place = `${kind}, ${side}, ${inner}`;
        if (found.isWhole) expect(found.tokens, place).toBe(whole.inputIds.length);
        else expect(found.tokens, place).toBeGreaterThan(maxTokens);
        const most = Math.min(maxTokens, whole.inputIds.length + 1);
        const rule = { ...tokenizer, truncationSide: side };
        const kept = truncateEncoding(found.encoding, most, rule);
        const expected = truncateEncoding(whole, most, rule);
        expect(Array.from(kept.inputIds).join(), place).toBe(Array.from(expected.inputIds).join());
      }
    }
  },
);

test("when each merge depends on the following text, nothing is final too early", () => {
  const tokenizer = createTokenizer(chainBpe());
  const text = hostileText("chain", 5_000, 1);
  const whole = Array.from(tokenizer.encode(text).inputIds).join();
  for (let first = 2_990; first < 3_000; first++) {
    const parts = [text.slice(0, first), text.slice(first)];
    const options = { maxTokens: Infinity, side: "right" } as const;
    const found = finish(tokenizer.encodeLong?.(parts, options));
    expect(Array.from(found.encoding.inputIds).join(), `${first}`).toBe(whole);
  }
});

const blank: readonly string[] = ["spaces", "white space", "newlines"];

/** A text repeated many times, in parts; counts how many parts were read. */
function countedParts(text: string): { parts: readonly string[]; taken: () => number } {
  let taken = 0;
  const parts = new Proxy(new Array<string>(2_000).fill(text), {
    get: (target, key) => {
      if (typeof key === "string" && /^\d+$/.test(key)) taken = Math.max(taken, Number(key) + 1);
      return Reflect.get(target, key);
    },
  });
  return { parts, taken: () => taken };
}

test.each([
  // <mask> includes the white space before it, which must therefore be read to its end.
  ["RoBERTa", robertaTokenizerJson(), textKinds.filter((kind) => !blank.includes(kind))],
  ["BERT", bertTokenizerJson(), ["dashes", "base64", "ideographs", "words", "quotes", "kana"]],
  ["XLM-RoBERTa", unigramTokenizerJson(), ["dna", "words", "space and letter", "ideographs"]],
  ["random merges", hostileTokenizers[3]?.tokenizer ?? {}, textKinds],
])("work is bounded by the number of tokens that are kept: %s", (_, json, kinds) => {
  const tokenizer = createTokenizer(json);
  for (const [seed, kind] of kinds.entries()) {
    const { parts, taken } = countedParts(hostileText(kind, 1_000, seed));
    const steps = tokenizer.encodeLong?.(parts, { maxTokens: 512, side: "right" });
    let count = 0;
    while (steps?.next().done === false) count++;
    expect(taken(), `parts of ${kind}`).toBeLessThan(20);
    expect(count, `steps of ${kind}`).toBeLessThan(2_000);
  }
});

test("a pattern with a long part that restarts at every position ends in an error", () => {
  const [{ tokenizer } = { tokenizer: {} }] = hostileTokenizers;
  const pattern = `${"a".repeat(450)}b`;
  const split = {
    type: "Split",
    pattern: { Regex: pattern },
    behavior: "Isolated",
    invert: false,
  };
  const { encodeLong } = createTokenizer({ ...tokenizer, pre_tokenizer: split });
  const options = { maxTokens: Infinity, side: "right" } as const;
  expect(() => finish(encodeLong?.(["a".repeat(20_000)], options))).toThrow(
    expect.objectContaining({
      code: "MODEL_FILE",
      message: expect.stringMatching(
        /the pattern "a+.*takes too much work in a text of \d+ characters/,
      ),
    }),
  );
});

test("a long unknown text and ids that are far apart are encoded", () => {
  const options = { maxTokens: Infinity, side: "right" } as const;
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const unigram = {
    type: "Unigram",
    unk_id: 0,
    vocab: [["<unk>", 0], ["a".repeat(100_000), -1], ...bytes.map((byte) => [byte, -9])],
    byte_fallback: true,
  };
  const long = createTokenizer({
    ...hostileTokenizers[0]?.tokenizer,
    pre_tokenizer: null,
    model: unigram,
  });
  const found = finish(long.encodeLong?.(["é".repeat(300_000)], options));
  expect(found.encoding.inputIds.length).toBe(600_000);

  const bpe = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 ** 31 - 1 }, merges: ["a b"] };
  const before = process.memoryUsage().arrayBuffers;
  const far = createTokenizer({
    ...hostileTokenizers[0]?.tokenizer,
    pre_tokenizer: null,
    model: bpe,
  });
  const { encoding } = finish(far.encodeLong?.(["ab".repeat(3_000)], options));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 30);
  expect(encoding.inputIds[0]).toBe(2 ** 31 - 1);
});

test("encoding other texts in between with the same tokenizer changes nothing", () => {
  const options = { maxTokens: Infinity, side: "right" } as const;
  const others = [bertTokenizerJson(), robertaTokenizerJson(), unigramTokenizerJson()];
  const tokenizers = [
    ...hostileTokenizers,
    ...others.map((tokenizer, i) => ({ name: `fixture ${i}`, tokenizer })),
  ];
  for (const { name, tokenizer } of tokenizers) {
    const { encode, encodeLong } = createTokenizer(tokenizer);
    const texts = textKinds.map((kind, seed) => hostileText(kind, 3_000, seed));
    const alone = texts.map((text) => finish(encodeLong?.([text], options)).encoding.inputIds);
    const together = texts.map((text) => ({
      steps: encodeLong?.([text], options),
      ids: [] as ArrayLike<number>,
    }));
    let open = together;
    while (open.length > 0) {
      encode("acgtacgt gattaca ".repeat(20));
      open = open.filter((each) => {
        const next = each.steps?.next();
        if (next?.done) each.ids = next.value.encoding.inputIds;
        return next?.done === false;
      });
    }
    for (const [i, { ids }] of together.entries()) {
      expect(Array.from(ids).join(), `${name}, ${textKinds[i]}`).toBe(
        Array.from(alone[i] ?? []).join(),
      );
    }
  }
});

test.each([
  "\\S+(?=\\s|$)",
  "\\S+(?=\\s|\\z)|\\s",
  "(?<=\\A|\\s)\\S|\\d+(?!\\d|$)",
  "\\w+(?!\\w)",
  "(?>a+)b|.",
  "(?=a*b)a|\\p{L}+",
  "(?<=ab)c|\\s+",
  "a+b",
  "a*a*c",
  "(?:a|a)+b",
  "\\s+$",
])("a pattern is searched in parts or in steps: %s", (source) => {
  const [{ tokenizer } = { tokenizer: {} }] = hostileTokenizers;
  const pattern = { Regex: source };
  const split = { type: "Split", pattern, behavior: "MergedWithPrevious", invert: false };
  const replace = { type: "Replace", pattern, content: "b a" };
  for (const change of [{ pre_tokenizer: split }, { normalizer: replace }]) {
    const { encode, encodeLong } = createTokenizer({ ...tokenizer, ...change });
    for (const [seed, kind] of textKinds.entries()) {
      const text = `${hostileText(kind, 3_000, seed)} ab abc\naab${"a".repeat(5_000)}${" ".repeat(5_000)}c`;
      const options = { maxTokens: Infinity, side: "right" } as const;
      const found = finish(encodeLong?.(partsOf(text, 700, seed), options));
      const ids = Array.from(found.encoding.inputIds).join();
      expect(ids, kind).toBe(Array.from(encode(text).inputIds).join());
    }
  }
});

test("a search of a long text pauses", () => {
  const [{ tokenizer } = { tokenizer: {} }] = hostileTokenizers;
  const pattern = { Regex: "(?>a+)b" };
  const split = { type: "Split", pattern, behavior: "Isolated", invert: false };
  const { encodeLong } = createTokenizer({ ...tokenizer, pre_tokenizer: split });
  const steps = encodeLong?.(["a".repeat(200_000)], { maxTokens: 5, side: "right" });
  let pauses = 0;
  while (steps?.next().done === false) pauses++;
  expect(pauses).toBeGreaterThan(100);
});

function finish<T>(steps: Generator<undefined, T, undefined> | undefined): T {
  for (;;) {
    const step = steps?.next();
    if (!step) throw new Error("the tokenizer has no encodeLong");
    if (step.done) return step.value;
  }
}
