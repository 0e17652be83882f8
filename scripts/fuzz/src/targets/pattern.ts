import { createTokenizer } from "../../../../packages/hub/src/tokenizer.js";
import type { Target } from "../target.js";
import { probeTexts } from "./probe-texts.js";
import { encodeProbes } from "./tokenizer.js";

/** Texts on which a pattern may be slow. */
const texts = probeTexts.filter((_, i) => i % 2 === 1);

const model = { type: "WordLevel", unk_token: "a", vocab: { a: 0, x: 1 } };

/** A regular expression of a tokenizer file, used for splitting and for replacing. */
export const pattern: Target = {
  name: "pattern",
  kind: "bytes",
  maxBytes: 2000,
  run(input) {
    const Regex = Buffer.from(input).toString();
    const split = { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false };
    const replace = { type: "Replace", pattern: { Regex }, content: "x" };
    encodeProbes(createTokenizer({ model, pre_tokenizer: split }), { texts });
    encodeProbes(createTokenizer({ model, normalizer: replace }), { texts });
  },
};
