import { createTokenizer } from "../../../../packages/hub/src/tokenizer.js";
import type { Target } from "../target.js";
import { encodeProbes } from "./tokenizer.js";

const model = { type: "WordLevel", unk_token: "a", vocab: { a: 0, x: 1 } };

/** A regular expression of a tokenizer file, as a place to split at and as text to be replaced. */
export const pattern: Target = {
  name: "pattern",
  kind: "bytes",
  maxBytes: 2000,
  run(input) {
    const Regex = Buffer.from(input).toString();
    const split = { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false };
    const replace = { type: "Replace", pattern: { Regex }, content: "x" };
    encodeProbes(createTokenizer({ model, pre_tokenizer: split }));
    encodeProbes(createTokenizer({ model, normalizer: replace }));
  },
};
