import type { JsonObject } from "@ripvec/core/arch";

const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

const characters = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  ...".,;:!?()[]{}'\"-_/\\@#$%^&*+=<>|~`«»„“‚‘…‽、。「」£€¥",
  ..."àéîõüñßıİłøåÀÉ",
  ..."αβγσςΣδοιυφ",
  ..."абвёйАБ",
  ..."中文字日本語測試豈更\u{20000}\u{2A700}\u{2B820}",
  ..."한국ᄒ\u1161\u11ABᄀ",
  ..."カタナテスト",
  ..."😀👍❤🇩🇪",
  ..."العربيةעברית²½Ⅷﬁ",
];
const words = [
  "hello",
  "world",
  "the",
  "is",
  "token",
  "too",
  "isn",
  "hel",
  "istanbul",
  "naive",
  "cafe",
];
const endings = ["##lo", "##ing", "##ed", "##ab", "##ld", "##οσ", "##ος"];

/** A WordPiece vocabulary with tokens for every script of the sample texts, and some gaps. */
export const wordPieceVocab: ReadonlyMap<string, number> = new Map(
  [
    ...new Set([
      ...specials,
      ...characters,
      ...characters.filter((_, i) => i % 7 !== 3).map((char) => `##${char}`),
      ...words,
      ...endings,
    ]),
  ].map((token, id) => [token, id]),
);

/** An entry of `added_tokens`: special and matched exactly, unless `extra` says otherwise. */
export const addedToken = (content: string, id: number, extra: JsonObject = {}): JsonObject => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...extra,
});

/** tokenizer.json of a BERT tokenizer, with the truncation and padding that saved files often carry. */
export function bertTokenizerJson(lowercase = true): JsonObject {
  const cls = wordPieceVocab.get("[CLS]");
  const sep = wordPieceVocab.get("[SEP]");
  return {
    version: "1.0",
    truncation: { direction: "Right", max_length: 8, strategy: "LongestFirst", stride: 0 },
    padding: { strategy: { Fixed: 16 }, direction: "Right", pad_id: 0, pad_token: "[PAD]" },
    added_tokens: specials.map((content) => addedToken(content, wordPieceVocab.get(content) ?? -1)),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "[SEP]", type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [cls], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [sep], tokens: ["[SEP]"] },
      },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(wordPieceVocab),
    },
  };
}

/** GPT-2's printable stand-ins for the 256 bytes. */
function byteCharacters(): string[] {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let shifted = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : 256 + shifted++),
  );
}

export const byteCharacterTable: readonly string[] = byteCharacters();

/** `model` of tokenizer.json for a byte-level BPE, with every option that saved files have. */
export const bpeModel = (vocab: JsonObject, merges: unknown): JsonObject => ({
  type: "BPE",
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: "",
  end_of_word_suffix: "",
  fuse_unk: false,
  vocab,
  merges,
});

/** tokenizer.json of a RoBERTa tokenizer: byte-level BPE that knows every byte and two merges. */
export function robertaTokenizerJson(): JsonObject {
  const specialTokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];
  const entries = [...specialTokens, ...byteCharacterTable, "he", "Ġw"];
  const vocab = Object.fromEntries(entries.map((entry, id) => [entry, id]));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) =>
      addedToken(content, id, { lstrip: content === "<mask>" }),
    ),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
    post_processor: {
      type: "RobertaProcessing",
      sep: ["</s>", 2],
      cls: ["<s>", 0],
      trim_offsets: true,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel" },
    model: bpeModel(vocab, ["h e", "Ġ w"]),
  };
}

/** A tokenizer.json like XLM-RoBERTa's: Unigram over words marked by "▁". */
export function unigramTokenizerJson(): JsonObject {
  const vocab: [string, number][] = [
    ["<s>", 0],
    ["<pad>", 0],
    ["</s>", 0],
    ["<unk>", 0],
    ["▁", -3],
    ["▁hello", -4],
    ["▁world", -4.5],
    ["lo", -5],
    ["▁he", -5],
    ...[..."abcdehlorw中文\ufffd"].map((char, i): [string, number] => [char, -8 - i / 10]),
  ];
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: ["<s>", "<pad>", "</s>", "<unk>"].map((content, id) => addedToken(content, id)),
    normalizer: null,
    pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "<s>", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "</s>", type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        "<s>": { id: "<s>", ids: [0], tokens: ["<s>"] },
        "</s>": { id: "</s>", ids: [2], tokens: ["</s>"] },
      },
    },
    decoder: { type: "Metaspace" },
    model: { type: "Unigram", unk_id: 3, vocab, byte_fallback: false },
  };
}
