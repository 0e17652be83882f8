import { type Encoding, type Tokenizer, truncateEncoding } from "@ripvec/core";
import { readJsonObject } from "../../../../packages/hub/src/model-files.js";
import { readTokenizer } from "../../../../packages/hub/src/read-tokenizer.js";
import { invariant, type Target } from "../target.js";
import { modelFiles } from "./memory-files.js";
import { probeTexts } from "./probe-texts.js";

/** The files that make a tokenizer, in the form of `modelFiles`. */
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

/** The number of tokens that a long text is truncated to, without the special tokens. */
const keptTokens = 7;

interface ProbeOptions {
  readonly texts?: readonly string[];
  /** The number of rows of the embedding table. */
  readonly rows?: number;
}

/**
 * Encodes a few texts. Encoding them again must give the same ids, each id must have a row, and a text that is read in
 * parts must be truncated like one that is read as a whole.
 */
export function encodeProbes(
  tokenizer: Tokenizer,
  { texts = probeTexts, rows = Number.POSITIVE_INFINITY }: ProbeOptions = {},
): void {
  const { encode, prefixTokens = 0, suffixTokens = 0 } = tokenizer;
  for (const text of texts) {
    const encoding = encode(text);
    const ids = idsOf(encoding);
    invariant(ids.length === encoding.attentionMask?.length, "ids and mask have two lengths");
    invariant(ids.length >= prefixTokens + suffixTokens, "special tokens are missing");
    invariant(
      ids.every((id) => id >= 0 && id < rows),
      "an id has no row in the embedding table",
    );
    invariant(String(ids) === String(idsOf(encode(text))), "ids change");
    checkLong(tokenizer, text, encoding);
  }
}

function checkLong(tokenizer: Tokenizer, text: string, encoding: Encoding): void {
  const { prefixTokens = 0, suffixTokens, truncationSide: side = "right" } = tokenizer;
  const maxTokens = prefixTokens + suffixTokens + keptTokens;
  const middle = text.length >> 1;
  const isPair = /[\ud800-\udbff]/.test(text.charAt(middle - 1));
  const at = isPair ? middle - 1 : middle;
  const parts = [text.slice(0, at), text.slice(at)];
  const steps = tokenizer.encodeLong?.(parts, { maxTokens, side });
  let step = steps?.next();
  while (step && !step.done) step = steps?.next();
  if (!step?.done) return;
  const long = truncateEncoding(step.value.encoding, maxTokens, tokenizer);
  const whole = truncateEncoding(encoding, maxTokens, tokenizer);
  invariant(String(idsOf(long)) === String(idsOf(whole)), "a long text is cut otherwise");
}

const idsOf = ({ inputIds }: Encoding): number[] => Array.from(inputIds);
