import type { Encoding } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { createTokenizer } from "../src/tokenizer.js";
import { fixedTexts, randomTexts } from "./sample-texts.js";
import {
  bertTokenizerJson,
  byteCharacterTable,
  robertaTokenizerJson,
  unigramTokenizerJson,
  wordPieceVocab,
} from "./tokenizer-fixtures.js";
import { wordPieceReference } from "./word-piece-reference.js";

const ids = (encoding: Encoding): number[] => Array.from(encoding.inputIds);

/** Special tokens in a text become those tokens; the plain reference does not implement this. */
const plainTexts = [
  ...fixedTexts.filter((text) => !text.includes("[CLS]")),
  ...randomTexts(400, 7),
];

describe("WordPiece", () => {
  test.each([true, false])("equals the reference on %s-cased texts", (lowercase) => {
    const tokenizer = createTokenizer(bertTokenizerJson(lowercase));
    for (const text of plainTexts) {
      expect(ids(tokenizer.encode(text)), JSON.stringify(text)).toEqual(
        wordPieceReference(text, wordPieceVocab, { lowercase }),
      );
    }
  });

  test("special tokens in a text are those tokens", () => {
    const encoded = ids(createTokenizer(bertTokenizerJson()).encode("hello [MASK][SEP]world"));
    const expected = ["[CLS]", "hello", "[MASK]", "[SEP]", "world", "[SEP]"];
    expect(encoded).toEqual(expected.map((token) => wordPieceVocab.get(token)));
  });

  test("neither truncates nor pads, even if the file says so", () => {
    const tokenizer = createTokenizer(bertTokenizerJson());
    expect(tokenizer.encode("hello ".repeat(50)).inputIds.length).toBe(52);
    expect(tokenizer.encode("hello").inputIds.length).toBe(3);
  });

  test("masks are ones; token types are zeros, and only present when the model has them", () => {
    const plain = createTokenizer(bertTokenizerJson()).encode("hello world");
    expect(Array.from(plain.attentionMask ?? [])).toEqual([1, 1, 1, 1]);
    expect(plain.tokenTypeIds).toBeUndefined();
    const typed = createTokenizer(bertTokenizerJson(), { tokenTypes: true }).encode("hello world");
    expect(Array.from(typed.tokenTypeIds ?? [])).toEqual([0, 0, 0, 0]);
  });

  test("encodes a megabyte, with and without spaces", () => {
    const tokenizer = createTokenizer(bertTokenizerJson());
    const unit = "hello world, the naïve 中文! ";
    const [cls, ...rest] = wordPieceReference(unit, wordPieceVocab);
    const sep = rest.pop();
    const repeated = Array.from({ length: 36_000 }, () => rest).flat();
    const encoded = ids(tokenizer.encode(unit.repeat(36_000)));
    expect(encoded.join()).toBe([cls, ...repeated, sep].join());
    expect(tokenizer.encode("a".repeat(1 << 20)).inputIds.length).toBe(3);
  });

  test("a batch gives what its texts give one by one; a value that is not a string is refused by its index", () => {
    const tokenizer = createTokenizer(bertTokenizerJson());
    const texts = ["hello", "", "world hello"];
    expect(tokenizer.encodeBatch(texts)).toEqual(texts.map((text) => tokenizer.encode(text)));
    expect(() => tokenizer.encodeBatch(["a", 5 as unknown as string])).toThrow(
      expect.objectContaining({ code: "INPUT", index: 1 }),
    );
  });
});

describe("suffix tokens", () => {
  const suffix = (post: JsonObject | null) =>
    createTokenizer({ ...bertTokenizerJson(), post_processor: post }).suffixTokens;
  const special = { SpecialToken: { id: "[SEP]", type_id: 0 } };
  const sequence = { Sequence: { id: "A", type_id: 0 } };
  const special_tokens = { "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] } };

  test.each([
    [null, 0],
    [{ type: "TemplateProcessing", single: [special, sequence, special], special_tokens }, 1],
    [{ type: "TemplateProcessing", single: [special, sequence], special_tokens }, 0],
    [{ type: "TemplateProcessing", single: [sequence, special, special], special_tokens }, 2],
    [{ type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] }, 1],
    [
      {
        type: "Sequence",
        processors: [
          { type: "ByteLevel", trim_offsets: true },
          { type: "TemplateProcessing", single: [sequence, special], special_tokens },
        ],
      },
      1,
    ],
  ])("of %j", (post, expected) => {
    expect(suffix(post)).toBe(expected);
  });
});

describe("byte-level BPE", () => {
  const tokenizer = createTokenizer(robertaTokenizerJson());
  const bytesOf = (text: string) => Array.from(Buffer.from(text, "utf8"), (byte) => 5 + byte);

  test("adds <s> and </s> and applies merges", () => {
    expect(ids(tokenizer.encode("hey w"))).toEqual([0, 261, ...bytesOf("y"), 262, 2]);
    expect(tokenizer.suffixTokens).toBe(1);
  });

  test("keeps every byte of every text; a lone surrogate is U+FFFD", () => {
    const merged: Record<number, number[]> = { 261: bytesOf("he"), 262: bytesOf(" w") };
    for (const text of [...plainTexts, "<s"]) {
      const inner = ids(tokenizer.encode(text)).slice(1, -1);
      expect(inner.flatMap((id) => merged[id] ?? [id])).toEqual(bytesOf(text));
    }
    expect(byteCharacterTable.length).toBe(256);
  });

  test("encodes a megabyte without spaces", () => {
    expect(tokenizer.encode("ab".repeat(1 << 19)).inputIds.length).toBe((1 << 20) + 2);
  });
});

describe("Unigram", () => {
  const tokenizer = createTokenizer(unigramTokenizerJson());
  const vocab = (unigramTokenizerJson().model as { vocab: [string, number][] }).vocab;
  const tokens = (text: string) => ids(tokenizer.encode(text)).map((id) => vocab[id]?.[0]);

  test("finds the most likely pieces and marks words", () => {
    expect(tokens("hello world")).toEqual(["<s>", "▁hello", "▁world", "</s>"]);
    expect(tokens("hel")).toEqual(["<s>", "▁he", "l", "</s>"]);
    expect(tokens("")).toEqual(["<s>", "</s>"]);
  });

  test.each<[string, JsonObject, number[]]>([
    [
      "words, then marks, as XLM-RoBERTa's file has it",
      {
        type: "Sequence",
        pretokenizers: [
          { type: "WhitespaceSplit" },
          { type: "Metaspace", replacement: "▁", str_rep: "▁", add_prefix_space: true },
        ],
      },
      [0, 5, 6, 2],
    ],
    [
      "marks alone, in the older spelling",
      { type: "Metaspace", replacement: "▁", add_prefix_space: true },
      [0, 5, 4, 6, 2],
    ],
  ])("splits into %s", (_, splitting, expected) => {
    const tokenizer = createTokenizer({ ...unigramTokenizerJson(), pre_tokenizer: splitting });
    expect(Array.from(tokenizer.encode("hello  world").inputIds)).toEqual(expected);
  });

  test("fuses unknown characters", () => {
    expect(tokens("hello 😀😀 中")).toEqual(["<s>", "▁hello", "▁", "<unk>", "▁", "中", "</s>"]);
  });

  test("reads a lone surrogate as U+FFFD", () => {
    expect(tokens("hel\ud83dlo")).toEqual(["<s>", "▁he", "l", "\ufffd", "lo", "</s>"]);
  });

  test("finds the best of all segmentations of a text", () => {
    const scores = new Map(vocab);
    const unknown = Math.min(...scores.values()) - 10;
    const bestScore = (chars: string[]): number =>
      chars.length === 0
        ? 0
        : Math.max(
            ...chars.map((_, i) => {
              const piece = chars.slice(0, i + 1).join("");
              const score = scores.get(piece) ?? (i === 0 ? unknown : Number.NEGATIVE_INFINITY);
              return score + bestScore(chars.slice(i + 1));
            }),
          );
    for (const text of ["helloworld", "hehellolo", "lohelox中", "ddlowor", "😀hello😀"]) {
      const reached = tokens(text)
        .slice(1, -1)
        .reduce(
          (sum, token) => sum + (token === "<unk>" ? unknown : (scores.get(token ?? "") ?? 0)),
          0,
        );
      expect(reached, text).toBeCloseTo(bestScore(Array.from(`▁${text}`)), 9);
    }
  });

  test("falls back to bytes when the model has them", () => {
    const json = unigramTokenizerJson();
    const bytes = Array.from("é", () => [...Buffer.from("é")]).flat();
    const byteVocab = bytes.map((byte): [string, number] => [
      `<0x${byte.toString(16).toUpperCase()}>`,
      -9,
    ]);
    const model = {
      ...(json.model as JsonObject),
      vocab: [...vocab, ...byteVocab],
      byte_fallback: true,
    };
    const encoded = ids(createTokenizer({ ...json, model }).encode("heéü"));
    const at = vocab.length;
    const he = vocab.findIndex(([token]) => token === "▁he");
    expect(encoded).toEqual([0, he, 3, 2]);
    expect(ids(createTokenizer({ ...json, model }).encode("heé"))).toEqual([0, he, at, at + 1, 2]);
  });

  test.each(["中文hello", "zzzz", "中"])("encodes a megabyte of %j without spaces", (unit) => {
    const text = unit.repeat((1 << 20) / unit.length);
    const expected = unit === "zzzz" ? 4 : text.length / 2;
    expect(tokenizer.encode(text).inputIds.length).toBeGreaterThanOrEqual(expected);
  });

  test("encodes a megabyte of words", () => {
    const encoded = tokenizer.encode("hello world ".repeat(87_000));
    expect(encoded.inputIds.length).toBeGreaterThan(2 * 87_000);
  });
});

describe("steps in which other libraries differ from the reference", () => {
  const wordLevel = (parts: JsonObject, words: readonly string[]): JsonObject => ({
    version: "1.0",
    added_tokens: [],
    normalizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: "WordPiece",
      unk_token: "?",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(["?", ...words].map((word, id) => [word, id])),
    },
    ...parts,
  });
  const encodeWith = (preTokenizer: JsonObject, text: string, words: readonly string[]) =>
    ids(createTokenizer(wordLevel({ pre_tokenizer: preTokenizer }, words)).encode(text));

  test("WordLevel reads its unknown token from its own settings", () => {
    const model = { type: "WordLevel", unk_token: "?", vocab: { "?": 0, hello: 1 } };
    const json = wordLevel({ model, pre_tokenizer: { type: "Whitespace" } }, []);
    expect(ids(createTokenizer(json).encode("hello you"))).toEqual([1, 0]);
  });

  test("Whitespace recognises non-ASCII letters", () => {
    expect(encodeWith({ type: "Whitespace" }, "naïve, übung", ["naïve", ",", "übung"])).toEqual([
      1, 2, 3,
    ]);
  });

  test("Digits matches every numeric character", () => {
    const one = { type: "Digits", individual_digits: true };
    expect(encodeWith(one, "a½1", ["a", "1", "½"])).toEqual([1, 3, 2]);
    const run = { type: "Digits", individual_digits: false };
    expect(encodeWith(run, "a½1b", ["a", "½1", "b"])).toEqual([1, 2, 3]);
  });

  test("Punctuation is a piece by itself", () => {
    expect(
      encodeWith({ type: "Punctuation", behavior: "Isolated" }, "a!?]b", ["a", "!", "?", "]", "b"]),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  test("Replace inserts its content literally, and Lowercase maps Σ to σ", () => {
    const normalizer = {
      type: "Sequence",
      normalizers: [
        { type: "Replace", pattern: { String: "x" }, content: "$&$1" },
        { type: "Lowercase" },
      ],
    };
    const json = wordLevel({ normalizer, pre_tokenizer: { type: "WhitespaceSplit" } }, [
      "$&$1",
      "σασ",
    ]);
    expect(ids(createTokenizer(json).encode("x ΣΑΣ"))).toEqual([1, 2]);
  });
});

describe("unusable files", () => {
  test.each<[string, JsonObject]>([
    ["not supported", { normalizer: { type: "Nope" } }],
    ["not supported", { pre_tokenizer: { type: "Nope" } }],
    ["not supported", { post_processor: { type: "Nope" } }],
    ["cannot be used", { model: undefined }],
    ["cannot be used", { model: { type: "WordPiece" } }],
    ["cannot be used", { added_tokens: 5 }],
  ])("%s: a typed error names the file", (message, change) => {
    const json = { ...bertTokenizerJson(), ...change };
    const create = () => createTokenizer(json, { path: "dir/tokenizer.json" });
    expect(create).toThrow(
      expect.objectContaining({ code: "MODEL_FILE", path: "dir/tokenizer.json" }),
    );
    expect(create).toThrow(message);
  });

  test("an unknown token without an id is refused", () => {
    const json = bertTokenizerJson();
    const model = { ...(json.model as JsonObject), unk_token: "[NONE]" };
    expect(() => createTokenizer({ ...json, model })).toThrow(
      expect.objectContaining({ code: "MODEL_FILE" }),
    );
  });
});
