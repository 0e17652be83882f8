import type { ArchOptions, Pooling } from "@ripvec/core";
import type { PlainModel, PlainText, Rows } from "./plain-model.js";

/** The architecture's definition in f64, written by its author. */
export interface PlainForward {
  /**
   * Computes the token vectors of one text in f64: a row for each token. It is written from the paper or the reference
   * code of the model, and shares nothing with the architecture.
   */
  forward(model: PlainModel, text: PlainText): Rows;
  /**
   * Computes the vector of a text from its token vectors, for a model whose `modules` do more than take the mean.
   * Default: the mean.
   */
  vector?(tokens: Rows, model: PlainModel): readonly number[];
}

/** The vector of a text in f64, under the options of an app. */
export function expectedVector(
  definition: PlainForward,
  model: PlainModel,
  text: PlainText,
  { pooling, normalize }: ArchOptions = {},
): readonly number[] {
  const tokens = definition.forward(model, text);
  const pooled =
    pooling === undefined && definition.vector
      ? definition.vector(tokens, model)
      : poolRows(tokens, pooling ?? "mean");
  return normalize ? unit(pooled) : pooled;
}

/** One vector from the vectors of all tokens, as sentence-transformers defines its modes. */
function poolRows(rows: Rows, pooling: Pooling): readonly number[] {
  switch (pooling) {
    case "cls":
      return rows[0] ?? [];
    case "last":
      return rows.at(-1) ?? [];
    case "max":
      return columns(rows).map((column) => Math.max(...column));
    case "mean":
      return weightedSum(rows, () => 1 / rows.length);
    case "mean_sqrt_len_tokens":
      return weightedSum(rows, () => 1 / Math.sqrt(rows.length));
    case "weightedmean":
      return weightedSum(rows, (i) => (i + 1) / ((rows.length * (rows.length + 1)) / 2));
    default:
      return pooling satisfies never;
  }
}

const columns = (rows: Rows) =>
  (rows[0] ?? []).map((_, c) => rows.map((row) => row[c] ?? Number.NaN));

const weightedSum = (rows: Rows, weight: (row: number) => number) =>
  columns(rows).map((column) => column.reduce((sum, value, i) => sum + value * weight(i), 0));

function unit(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
