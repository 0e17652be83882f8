import type { JsonObject } from "@ripvec/core/arch";
import { addedToken } from "./wordpiece.js";

const specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];

/** A few pairs, so that the merging itself is used. Ġ is the space before a word. */
export const merges: readonly string[] = [
  "h e",
  "t he",
  "Ġ the",
  "i n",
  "in g",
  "a n",
  "an d",
  "Ġ a",
];

/** Special tokens, the 256 bytes, the merged pairs, then unused places. */
export function bytePairVocabulary(vocabSize: number): string[] {
  const merged = merges.map((pair) => pair.replace(" ", ""));
  const tokens = [...specials, ...byteCharacters(), ...merged];
  const unused = Math.max(0, vocabSize - tokens.length);
  const fill = Array.from({ length: unused }, (_, i) => `<unused${i}>`);
  return [...tokens, ...fill].slice(0, vocabSize);
}

/** tokenizer.json of RoBERTa. Pairs that a small vocabulary lacks are left out. */
export function bytePairJson(vocabulary: readonly string[]): JsonObject {
  const known = new Set(vocabulary);
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => addedToken(content, id)),
    normalizer: null,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    },
    post_processor: {
      type: "RobertaProcessing",
      sep: ["</s>", specials.indexOf("</s>")],
      cls: ["<s>", specials.indexOf("<s>")],
      trim_offsets: true,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: "<unk>",
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: merges.filter((pair) => known.has(pair.replace(" ", ""))),
    },
  };
}

export const bytePairSpecials: Readonly<Record<string, string>> = {
  bos_token: "<s>",
  eos_token: "</s>",
  pad_token: "<pad>",
  unk_token: "<unk>",
  cls_token: "<s>",
  sep_token: "</s>",
  mask_token: "<mask>",
};

/** The visible character that byte-level tokenizers write for each byte. */
function byteCharacters(): string[] {
  const visible = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  let hidden = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(visible(byte) ? byte : 256 + hidden++),
  );
}
