import { createTokenizer } from "../../../../packages/hub/src/tokenizer.js";
import type { Target } from "../target.js";
import { encodeProbes } from "./tokenizer.js";

const model = {
  type: "Unigram",
  unk_id: 0,
  vocab: [
    ["a", 0],
    ["x", -1],
  ],
  byte_fallback: false,
};

/** The replacement table of a SentencePiece model. */
export const charsmap: Target = {
  name: "charsmap",
  kind: "bytes",
  maxBytes: 20_000,
  run(input) {
    const precompiled_charsmap = Buffer.from(input).toString("base64");
    const normalizer = { type: "Precompiled", precompiled_charsmap };
    encodeProbes(createTokenizer({ model, normalizer }));
  },
};
