import type { JsonObject } from "@ripvec/core/arch";
import { randomInt } from "../sample-texts.js";
import { addedToken, bpeModel, byteCharacterTable } from "../tokenizer-fixtures.js";

const base = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
};

/**
 * A BPE model over bytes with random merges of a few bytes, so that many words are encoded
 * differently than their prefixes.
 */
function randomBpe(seed: number, letters: string, count: number): JsonObject {
  const below = randomInt(seed);
  const tokens = [...byteCharacterTable];
  const parts = [...letters];
  const merges: [string, string][] = [];
  for (let i = 0; i < 50 * count && merges.length < count; i++) {
    const left = parts[below(parts.length)] ?? "";
    const right = parts[below(parts.length)] ?? "";
    if (tokens.includes(left + right) || (left + right).length > 40) continue;
    merges.push([left, right]);
    tokens.push(left + right);
    parts.push(left + right);
  }
  // The ranks are shuffled: they do not follow the order in which the merges were made.
  for (let i = merges.length - 1; i > 0; i--) {
    const other = below(i + 1);
    [merges[i], merges[other]] = [merges[other] ?? ["", ""], merges[i] ?? ["", ""]];
  }
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return {
    ...base,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: seed % 2 === 0,
    },
    model: bpeModel(vocab, merges),
  };
}

/**
 * A BPE model that merges the characters of "chain" in pairs from the end: whether two characters
 * form a pair depends on all that follow.
 */
export function chainBpe(): JsonObject {
  const letters = Array.from({ length: 900 }, (_, i) => String.fromCodePoint(0x4e00 + i));
  const merges = letters.slice(1).map((letter, i) => [letters[i] ?? "", letter]);
  const tokens = [...letters, ...merges.map((pair) => pair.join(""))];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return { ...base, model: { type: "BPE", vocab, merges: merges.reverse() } };
}

/** A Unigram model whose scores make long paths equal or almost equal. */
function randomUnigram(seed: number, letters: string, byteFallback: boolean): JsonObject {
  const below = randomInt(seed);
  const tokens = new Set<string>([...letters]);
  while (tokens.size < 60) {
    const length = 2 + below(7);
    let token = "";
    for (let i = 0; i < length; i++) token += letters[below(letters.length)];
    tokens.add(token);
  }
  const bytes = byteFallback
    ? Array.from(
        { length: 256 },
        (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
      )
    : [];
  const vocab = [
    ["<unk>", 0],
    ...bytes.map((byte) => [byte, -30]),
    ...Array.from(tokens, (token) => [token, -token.length - below(3) / 3]),
  ];
  return { ...base, model: { type: "Unigram", unk_id: 0, vocab, byte_fallback: byteFallback } };
}

const added = (content: string, more: JsonObject): JsonObject =>
  addedToken(content, 0, { normalized: true, special: false, ...more });

const wordPiece = {
  type: "WordPiece",
  unk_token: "[UNK]",
  continuing_subword_prefix: "##",
  max_input_chars_per_word: 1_000_000,
  vocab: Object.fromEntries(
    [
      "[UNK]",
      ..."acgtx- e",
      "ac",
      "##a",
      "##c",
      "##g",
      "##t",
      "##x",
      "##-",
      "##cg",
      "##xx",
      "## ",
      "##e",
    ].map((token, id) => [token, id]),
  ),
};

export const hostileTokenizers: readonly { name: string; tokenizer: JsonObject }[] = [
  ...[1, 2, 3, 4, 5, 6].map((seed) => ({
    name: `BPE of random merges ${seed}`,
    tokenizer: randomBpe(seed, seed < 4 ? "acgt" : "ax-Ġe0", 20 * seed),
  })),
  ...[1, 2, 3].map((seed) => ({
    name: `Unigram of random scores ${seed}`,
    tokenizer: randomUnigram(seed, "acgtx-", seed === 2),
  })),
  { name: "BPE whose merges depend on what follows", tokenizer: chainBpe() },
  { name: "WordPiece without a limit", tokenizer: { ...base, model: wordPiece } },
  {
    name: "added tokens that share prefixes and include white space",
    tokenizer: {
      ...base,
      added_tokens: [
        added(" ", { lstrip: true, id: 19 }),
        added("\n", { rstrip: true, id: 20 }),
        added("xxxxx-", { id: 21 }),
        added("xxx", { rstrip: true, normalized: false, id: 22 }),
        added("ac", { single_word: true, id: 23 }),
        added("acac", { lstrip: true, rstrip: true, normalized: false, id: 24 }),
      ],
      normalizer: { type: "NFC" },
      model: { ...wordPiece, max_input_chars_per_word: 20 },
    },
  },
  {
    name: "a clean, long normalizer",
    tokenizer: {
      ...base,
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "Nmt" },
          { type: "NFKC" },
          { type: "Replace", pattern: { Regex: " {2,}" }, content: " " },
          { type: "Strip", strip_left: true, strip_right: true },
          { type: "NFD" },
          { type: "StripAccents" },
          { type: "Lowercase" },
          { type: "Prepend", prepend: "▁" },
        ],
      },
      pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "never", split: false },
      model: { ...(randomUnigram(9, "ae▁cgt", true).model as JsonObject) },
    },
  },
];
