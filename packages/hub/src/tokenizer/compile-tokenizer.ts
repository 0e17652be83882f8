import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import { createAddedVocabulary } from "./added-vocabulary.js";
import { shown } from "./fields.js";
import { createModel } from "./models/create-model.js";
import { createNormalizer } from "./normalizers/create-normalizer.js";
import { createPostProcessor } from "./post-processor.js";
import { createPreTokenizer } from "./pre-tokenizers/create-pre-tokenizer.js";
import { refuseInserts } from "./refuse-inserts.js";
import { createStartTest } from "./start-test.js";
import { checkStepCount } from "./step-limit.js";
import type { Piece, PostProcessor } from "./steps.js";
import { createTokenStream, type TokenStream } from "./stream/token-stream.js";
import { checkRow, checkVocabularyIds } from "./vocabulary-ids.js";

export interface CompileOptions {
  readonly splitSpecialTokens: boolean;
  readonly exactScores: boolean;
  /** Ids must be below this number. */
  readonly rows: number;
}

/**
 * The steps of a file combined: they turn a text into ids, without the special tokens around them.
 */
export interface CompiledTokenizer {
  readonly postProcessor: PostProcessor;
  /** Appends the ids of a text without lone surrogates. */
  tokenize(text: string, ids: number[]): void;
  /** The same for a text that arrives in well-formed parts. */
  readonly stream: TokenStream;
}

/**
 * Checks the whole of tokenizer.json and prepares its steps. Truncation, padding and the decoder
 * are ignored. Throws ModelFileError for anything that the reference would refuse or that is not
 * supported.
 */
export function compileTokenizer(json: JsonObject, options: CompileOptions): CompiledTokenizer {
  if ((json.version ?? "1.0") !== "1.0") {
    throw new ModelFileError(`version ${shown(json.version)} is not supported`);
  }
  checkStepCount(json.normalizer, "normalizer", "normalizers");
  checkStepCount(json.pre_tokenizer, "pre-tokenizer", "pretokenizers");
  const { rows } = options;
  const model = createModel(json.model, options.exactScores);
  const list = isJsonObject(json.model) ? json.model.vocab : undefined;
  const strayIds = checkVocabularyIds(model, list, rows);
  const normalizer = createNormalizer(json.normalizer);
  refuseInserts(json.normalizer);
  const preTokenizer = createPreTokenizer(json.pre_tokenizer);
  const startLength = createStartTest(json.normalizer, json.pre_tokenizer);
  const added = createAddedVocabulary(json.added_tokens ?? [], {
    model,
    normalizer,
    splitSpecialTokens: options.splitSpecialTokens,
    strayIds,
    rows,
  });
  const postProcessor = createPostProcessor(json.post_processor);
  for (const id of [...postProcessor.prefix, ...postProcessor.suffix]) {
    checkRow("post_processor", "a special token", id, rows);
  }

  /** The input of the model in order: ids of added tokens, and pieces of text. */
  function* pieces(text: string): Generator<number | Piece, void, undefined> {
    for (const part of added.raw.cut(text)) {
      if (part.id !== undefined) {
        yield part.id;
        continue;
      }
      const plain = text.slice(part.start, part.end);
      const normalized = normalizer(plain);
      for (const { id, start, end } of added.normalized.cut(normalized)) {
        const atStart = part.start === 0 && start < startLength(plain);
        if (id !== undefined) yield id;
        else yield* preTokenizer({ text: normalized.slice(start, end), atStart });
      }
    }
  }

  return {
    postProcessor,
    tokenize: (text, ids) => {
      for (const piece of pieces(text)) {
        if (typeof piece === "number") ids.push(piece);
        else model.tokenize(piece.text, ids);
      }
    },
    stream: createTokenStream(json, { model, added, startLength }),
  };
}
