import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import { readId, readList, readObject, readString, shown } from "./fields.js";
import type { PostProcessor } from "./steps.js";

const nothing: PostProcessor = { prefix: [], suffix: [] };

/**
 * Reads `post_processor` of tokenizer.json, for single texts. Throws ModelFileError for an
 * unsupported type, malformed fields, and templates that do not put tokens of type 0 around one
 * text.
 */
export function createPostProcessor(json: unknown): PostProcessor {
  if (json === undefined || json === null) return nothing;
  const step = readObject(json, "post_processor");
  switch (step.type) {
    case "BertProcessing":
    case "RobertaProcessing":
      return { prefix: [readTokenId(step.cls, "cls")], suffix: [readTokenId(step.sep, "sep")] };
    case "TemplateProcessing":
      return readTemplate(step);
    case "ByteLevel": // it moves offsets only
      return nothing;
    case "Sequence":
      return readSequence(readList(step.processors, "post_processor.processors"));
    default:
      throw new ModelFileError(
        `post_processor has the type ${shown(step.type)}, which is not supported`,
      );
  }
}

/**
 * The outer step sees the special tokens of the inner one as part of the text. It sees those of a
 * template as separate texts, which is not supported.
 */
function readSequence(steps: readonly unknown[]): PostProcessor {
  let all = nothing;
  let template = false;
  for (const step of steps) {
    const outer = createPostProcessor(step);
    const type = isJsonObject(step) ? step.type : undefined;
    if (type === "ByteLevel") continue;
    if (template) {
      throw new ModelFileError(`post_processor has ${shown(type)} after a template`);
    }
    template = type === "TemplateProcessing" || type === "Sequence";
    all = {
      prefix: [...outer.prefix, ...all.prefix],
      suffix: [...all.suffix, ...outer.suffix],
    };
  }
  return all;
}

/** `cls` and `sep` are pairs of a token and its id. Only the id is used. */
function readTokenId(pair: unknown, name: string): number {
  const [, id] = readList(pair, `post_processor.${name}`);
  return readId(id, `the id in post_processor.${name}`);
}

function readTemplate(step: JsonObject): PostProcessor {
  const pieces = readList(step.single, "post_processor.single").map((piece) =>
    readObject(piece, "each piece of post_processor.single"),
  );
  const texts = pieces.filter((piece) => "Sequence" in piece);
  const place = pieces.findIndex((piece) => "Sequence" in piece);
  if (texts.length !== 1 || readPiece(pieces[place]?.Sequence).id !== "A") {
    throw new ModelFileError(
      `post_processor.single must hold the text "A" once, got ${shown(step.single)}`,
    );
  }
  const special = readObject(step.special_tokens, "post_processor.special_tokens");
  const idsOf = (piece: JsonObject) => readIds(special, readPiece(piece.SpecialToken).id);
  return {
    prefix: pieces.slice(0, place).flatMap(idsOf),
    suffix: pieces.slice(place + 1).flatMap(idsOf),
  };
}

/**
 * The ids that a piece of a template names. Token types other than 0 are refused: the encoding of
 * one text has none.
 */
function readPiece(json: unknown): { readonly id: string } {
  const piece = readObject(json, "each Sequence and SpecialToken of post_processor.single");
  if (piece.type_id !== 0) {
    throw new ModelFileError(
      `post_processor.single gives the token type ${shown(piece.type_id)}; only 0 is supported`,
    );
  }
  return { id: readString(piece.id, "each id in post_processor.single") };
}

/** The ids that stand for a special token: usually one. */
function readIds(special: JsonObject, token: string): readonly number[] {
  const place = `post_processor.special_tokens[${JSON.stringify(token)}]`;
  if (!Object.hasOwn(special, token)) throw new ModelFileError(`${place} is missing`);
  return readList(readObject(special[token], place).ids, `${place}.ids`).map((id) =>
    readId(id, `each id in ${place}`),
  );
}
