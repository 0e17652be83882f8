import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import { type AddedToken, completeToken, plainToken, readAddedToken } from "./added-token.js";
import { AddedVocabulary } from "./added-vocabulary.js";
import { modelVocabulary } from "./model-vocabulary.js";
import { makePipeline, option } from "./pipelines.js";
import { makePostProcessor, type PlacedToken } from "./post-processor.js";
import { lowercaseFirst } from "./sentence-lowercase.js";
import {
  lengthLimit,
  readTokenTypes,
  readTruncationSide,
  refuseOtherSettings,
} from "./settings.js";
import {
  contentOf,
  listOfTokens,
  readSpecialTokens,
  type SpecialTokens,
  type TokenName,
} from "./special-tokens.js";
import { type Role, type TokenizerClass, tokenizerClass } from "./tokenizer-class.js";
import type { TokenizerFiles } from "./tokenizer-files.js";

/** The tokenizer that the files of a model define together. */
export interface ResolvedTokenizer {
  /** A tokenizer.json with all settings applied, and without truncation, padding and decoder. */
  readonly json: JsonObject;
  /** Whether special tokens in a text are split like any other text. */
  readonly splitSpecialTokens: boolean;
  /** The most tokens of one text, special tokens included; absent: no limit. */
  readonly maxLength?: number | undefined;
  /** The end of a text that is cut off when it is too long. */
  readonly truncationSide: "left" | "right";
  /** Whether encodings have token types. */
  readonly tokenTypes: boolean;
  /**
   * Whether the scores of a Unigram model are used as written, and not as the Rust library reads
   * them.
   */
  readonly exactScores: boolean;
}

/**
 * The tokenizer that AutoTokenizer of transformers 5 makes from the files of a model, with the
 * changes of sentence-transformers 6. When no file names a class, tokenizer.json is read as by
 * transformers 4. Throws UnsupportedError for an unsupported class, and ModelFileError for files
 * that contradict each other or need a feature that is not supported.
 */
export function resolveTokenizer(files: TokenizerFiles): ResolvedTokenizer {
  const place = files.locate("tokenizer_config.json");
  refuseOtherSettings(files);
  const named = tokenizerClass(files.config, files.tokenizerConfig, place);
  const by = withPadding(keepingFile(named, files), files);
  const specials = readSpecialTokens(files, by);
  const contentFor = (role: Role): string => contentOf(specials.named.get(role) ?? "");
  const pipeline = makePipeline(by, files, contentFor);
  const added = addTokens(by, files, specials, pipeline.model);
  const placed = (role: Role): PlacedToken | undefined => {
    const content = contentFor(role);
    const id = added.idOf(content);
    return id === undefined ? undefined : [content, id];
  };
  const json: JsonObject = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added.toJson(),
    normalizer: pipeline.normalizer,
    pre_tokenizer: pipeline.pre_tokenizer,
    post_processor: makePostProcessor(by, files, placed),
    decoder: null,
    model: pipeline.model,
  };
  return {
    json: lowercases(files) ? lowercaseFirst(json) : json,
    splitSpecialTokens: option(files, "split_special_tokens", false),
    maxLength: lengthLimit(files),
    truncationSide: readTruncationSide(files),
    tokenTypes: readTokenTypes(files, by.tokenTypes),
    // Classes that make their own model have Python read the file.
    exactScores: by.pipeline !== "file",
  };
}

/** `do_lower_case` of sentence_bert_config.json. */
function lowercases({ sentenceConfig, locate }: TokenizerFiles): boolean {
  const value = sentenceConfig.do_lower_case ?? false;
  if (typeof value === "boolean") return value;
  throw new ModelFileError(`do_lower_case must be true or false, got ${JSON.stringify(value)}`, {
    path: locate("sentence_bert_config.json"),
  });
}

/**
 * When no file names a class, tokenizer.json is used, and only the settings that apply to it
 * override it.
 */
function keepingFile(by: TokenizerClass, { vocabulary }: TokenizerFiles): TokenizerClass {
  if (!by.isAssumed || vocabulary.kind !== "tokenizer.json") return by;
  return { ...by, pipeline: "file", settingsOf: by.pipeline };
}

/** The padding settings of a file that is used unchanged also name its padding token. */
function withPadding(by: TokenizerClass, { vocabulary }: TokenizerFiles): TokenizerClass {
  const padding = vocabulary.kind === "tokenizer.json" ? vocabulary.json.padding : undefined;
  if (by.pipeline !== "file" || !isJsonObject(padding)) return by;
  const token = typeof padding.pad_token === "string" ? padding.pad_token : "[PAD]";
  return { ...by, specialTokens: { ...by.specialTokens, pad_token: token } };
}

/**
 * Adds the file's tokens, then those of the other files, then the special tokens that are not among
 * them.
 */
function addTokens(
  by: TokenizerClass,
  files: TokenizerFiles,
  specials: SpecialTokens,
  model: JsonObject,
): AddedVocabulary {
  const place = files.locate("tokenizer.json");
  const { vocabulary } = files;
  const added = new AddedVocabulary(modelVocabulary(model, place));
  if (by.pipeline === "file" && vocabulary.kind === "tokenizer.json") {
    added.add(listOfTokens(vocabulary.json, place).map((token) => readAddedToken(token, place)));
  }
  const names = [...specials.named.values()].filter((token) => token !== null);
  const special = new Set(names.map(contentOf));
  const known = new Set(specials.added.map(({ content }) => content));
  const more = withoutRepeats([...names, ...specials.extra]).filter(
    (token) => !known.has(contentOf(token)) && !added.has(contentOf(token)),
  );
  const tokens = [...specials.added, ...more.map(withFlags)];
  added.add(
    tokens.map((token) => ({ ...token, special: token.special || special.has(token.content) })),
  );
  refuseUnstableIds(added, model, place);
  if (option(files, "split_special_tokens", false) && added.hasDemotedSpecial) {
    throw new ModelFileError(
      "a token that is special in tokenizer.json is not in tokenizer_config.json, which contradicts split_special_tokens",
      { path: place },
    );
  }
  return added;
}

/**
 * Keeps the first of equal tokens. A token without flags does not equal one with flags, whose flags
 * then apply too.
 */
function withoutRepeats(tokens: readonly TokenName[]): TokenName[] {
  const first = new Map<string, TokenName>();
  for (const token of tokens) {
    const key = JSON.stringify(typeof token === "string" ? token : completeToken(token));
    if (!first.has(key)) first.set(key, token);
  }
  return [...first.values()];
}

const withFlags = (token: TokenName): AddedToken =>
  typeof token === "string" ? plainToken(token, { special: true }) : token;

/** Ids that were assigned in two steps must be the same when the file is read in one. */
function refuseUnstableIds(added: AddedVocabulary, model: JsonObject, path: string): void {
  const again = new AddedVocabulary(modelVocabulary(model, path));
  const tokens = added.toJson();
  again.add(tokens.map((token) => readAddedToken(token, path)));
  if (JSON.stringify(again.toJson()) === JSON.stringify(tokens)) return;
  throw new ModelFileError("the ids of its added tokens do not follow those of the vocabulary", {
    path,
  });
}
