import type { Tokenizer } from "@ripvec/core";
import { readJsonObject } from "../../../../packages/hub/src/model-files.js";
import { readTokenizer } from "../../../../packages/hub/src/read-tokenizer.js";
import { invariant, type Target } from "../target.js";
import { modelFiles } from "./memory-files.js";
import { probeTexts } from "./probe-texts.js";

/** The files that make a tokenizer, in the layout of `modelFiles`. */
export const tokenizer: Target = {
  name: "tokenizer",
  kind: "json",
  async run(input) {
    const files = modelFiles(input);
    if (!files) return;
    const json = async (name: string) => (await readJsonObject(files, name)) ?? {};
    const read = await readTokenizer(files, "", {
      config: await json("config.json"),
      tokenizerConfig: await json("tokenizer_config.json"),
      sentenceConfig: await json("sentence_bert_config.json"),
    });
    encodeProbes(read.tokenizer);
  },
};

/** Encodes a few texts, twice: the same ids must come out, none of them outside of what 32 bits hold. */
export function encodeProbes({ encode, prefixTokens = 0, suffixTokens = 0 }: Tokenizer): void {
  for (const text of probeTexts) {
    const { inputIds, attentionMask } = encode(text);
    invariant(inputIds.length === attentionMask?.length, "ids and mask have two lengths");
    invariant(inputIds.length >= prefixTokens + suffixTokens, "special tokens are missing");
    const ids = Array.from(inputIds);
    invariant(
      ids.every((id) => id >= 0),
      "an id is negative",
    );
    invariant(String(ids) === String(Array.from(encode(text).inputIds)), "ids change");
  }
}
