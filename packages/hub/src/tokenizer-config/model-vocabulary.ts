import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";

/** The vocabulary of `model` in tokenizer.json, for every type of model. */
export interface ModelVocabulary {
  /** Number of entries, not the highest id. */
  readonly size: number;
  idOf(token: string): number | undefined;
}

/** Throws ModelFileError unless `vocab` is an object of ids or a list of tokens with scores. */
export function modelVocabulary(model: JsonObject, path: string): ModelVocabulary {
  const { vocab } = model;
  if (isJsonObject(vocab)) {
    return {
      size: Object.keys(vocab).length,
      idOf: (token) => {
        const id = Object.hasOwn(vocab, token) ? vocab[token] : undefined;
        return typeof id === "number" ? id : undefined;
      },
    };
  }
  if (!Array.isArray(vocab)) throw new ModelFileError("its model has no vocab", { path });
  const ids = new Map<unknown, number>();
  vocab.forEach((entry: unknown, id) => {
    ids.set(Array.isArray(entry) ? entry[0] : undefined, id);
  });
  return { size: vocab.length, idOf: (token) => ids.get(token) };
}
