import { ModelFileError } from "@ripvec/core";
import { isJsonObject } from "../model-files.js";
import { isId, readId, shown } from "./fields.js";

/** Tokens by ids that are not below the number of tokens: there are some where the ids have gaps. */
export type StrayIds = ReadonlyMap<number, string>;

/**
 * Checks the ids of `model.vocab` of tokenizer.json: whole numbers below `rows`, which is what the embedding table has,
 * and none of them twice. Throws ModelFileError that names the token.
 */
export function checkVocabularyIds(vocab: unknown, rows: number): StrayIds {
  const stray = new Map<number, string>();
  if (Array.isArray(vocab) && vocab.length > rows) {
    const entry: unknown = vocab[rows];
    checkRow("model.vocab", Array.isArray(entry) ? entry[0] : entry, rows, rows);
  }
  if (!isJsonObject(vocab)) return stray;
  const tokens = Object.keys(vocab);
  const isTaken = new Uint8Array(tokens.length);
  for (const token of tokens) {
    const id = vocab[token];
    if (!isId(id)) readId(id, `model.vocab: the id of ${shown(token)}`);
    else if (isTaken[id] === 1 || stray.has(id)) {
      const other = tokens.find((earlier) => vocab[earlier] === id) ?? "";
      refuseTwice("model.vocab", other, token, id);
    } else {
      if (id >= rows) checkRow("model.vocab", token, id, rows);
      if (id < tokens.length) isTaken[id] = 1;
      else stray.set(id, token);
    }
  }
  return stray;
}

export function refuseTwice(place: string, token: string, other: string, id: number): never {
  throw new ModelFileError(`${place} gives ${shown(token)} and ${shown(other)} the same id ${id}`);
}

/** Throws ModelFileError that names the token unless its id is below the number of rows of the embedding table. */
export function checkRow(place: string, token: unknown, id: number, rows: number): void {
  if (id < rows) return;
  throw new ModelFileError(
    `${place} gives ${shown(token)} the id ${id}, but the model's embedding table has ${rows} rows (vocab_size of config.json): the tokenizer is that of another model, or the table was not enlarged for its tokens`,
  );
}
