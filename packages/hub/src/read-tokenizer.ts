import type { Tokenizer } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { joinInner, type ModelFiles } from "./model-files.js";
import { createTokenizer } from "./tokenizer.js";
import {
  readTokenizerFiles,
  type TokenizerSettings,
} from "./tokenizer-config/read-tokenizer-files.js";
import { resolveTokenizer } from "./tokenizer-config/resolve-tokenizer.js";

/** The tokenizer of a model, and its length limit. */
export interface ReadTokenizer {
  readonly tokenizer: Tokenizer;
  /** The most tokens of one text that tokenizer_config.json allows; absent: no limit. */
  readonly maxLength?: number | undefined;
}

/** Makes the tokenizer of a model from the files in one of its folders. */
export async function readTokenizer(
  files: ModelFiles,
  folder: string,
  settings: TokenizerSettings,
): Promise<ReadTokenizer> {
  const resolved = resolveTokenizer(await readTokenizerFiles(files, folder, settings));
  const tokenizer = createTokenizer(resolved.json, {
    path: files.locate(joinInner(folder, "tokenizer.json")),
    splitSpecialTokens: resolved.splitSpecialTokens,
    exactScores: resolved.exactScores,
    rows: rowsOf(settings.config),
    tokenTypes: resolved.tokenTypes && Number(settings.config.type_vocab_size ?? 0) > 1,
  });
  const { maxLength, truncationSide } = resolved;
  return { tokenizer: { ...tokenizer, truncationSide }, maxLength };
}

/**
 * The number of rows of the embedding table, as architectures read it; undefined where the file
 * does not say.
 */
function rowsOf({ vocab_size: rows }: JsonObject): number | undefined {
  return typeof rows === "number" && Number.isSafeInteger(rows) && rows > 0 ? rows : undefined;
}
