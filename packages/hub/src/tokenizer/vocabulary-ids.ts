import { ModelFileError } from "@ripvec/core";
import { shown } from "./fields.js";
import type { TokenModel } from "./steps.js";

/** Tokens by ids that are not below the number of tokens; such ids exist when the ids have gaps. */
export type StrayIds = ReadonlyMap<number, string>;

/**
 * Checks the ids of a model's tokens: they must be below `rows`, the number of rows of the
 * embedding table, and unique. Throws ModelFileError that names the token. `list`: the tokens of a
 * model whose ids are list indices.
 */
export function checkVocabularyIds(
  { size, vocabulary }: TokenModel,
  list: unknown,
  rows: number,
): StrayIds {
  const stray = new Map<number, string>();
  if (!vocabulary) {
    const entry: unknown = Array.isArray(list) ? list[rows] : undefined;
    if (size > rows)
      checkRow("model.vocab", shown(Array.isArray(entry) ? entry[0] : entry), rows, rows);
    return stray;
  }
  const isTaken = new Uint8Array(size);
  for (const [token, id] of vocabulary) {
    if (isTaken[id] === 1 || stray.has(id)) {
      const [other = ""] = [...vocabulary].find(([, earlier]) => earlier === id) ?? [];
      refuseTwice("model.vocab", other, token, id);
    }
    if (id >= rows) checkRow("model.vocab", shown(token), id, rows);
    if (id < size) isTaken[id] = 1;
    else stray.set(id, token);
  }
  return stray;
}

export function refuseTwice(place: string, token: string, other: string, id: number): never {
  throw new ModelFileError(`${place} gives ${shown(token)} and ${shown(other)} the same id ${id}`);
}

/**
 * Throws ModelFileError that names the token, from `token`, unless its id is below the number of
 * rows of the embedding table.
 */
export function checkRow(place: string, token: string, id: number, rows: number): void {
  if (id < rows) return;
  throw new ModelFileError(
    `${place} gives ${token} the id ${id}, but the model's embedding table has ${rows} rows (vocab_size of config.json): the tokenizer belongs to another model, or the table was not resized for its added tokens`,
  );
}
