import type { Encoding } from "@ripvec/core";
import { type ModelFiles, type RawModel, rawModel } from "../src/model-files.js";
import { type BertFamily, bertFamily } from "../src/onnx/bert-family.js";

/** A text's hidden state: one Float64Array per token. */
type Rows = Float64Array[];

/**
 * last_hidden_state of one text in f64, by plain loops: the reference for two f32 implementations.
 */
export function f64HiddenState(files: ModelFiles, encoding: Encoding): Rows {
  const model = rawModel(files);
  const family = bertFamily(model);
  let x = embeddings(model, family, encoding);
  for (let index = 0; index < family.layers; index++) x = layer(model, family, index, x);
  return x;
}

function embeddings(model: RawModel, family: BertFamily, encoding: Encoding): Rows {
  const { prefix } = family;
  const table = (stem: string) => matrix(model, `${prefix}embeddings.${stem}.weight`);
  const [words, positions] = [table("word_embeddings"), table("position_embeddings")];
  const types = family.tokenTypes ? table("token_type_embeddings") : undefined;
  let real = 0;
  const rows = Array.from(encoding.inputIds, (id, at) => {
    const isPad = family.positions === "after_pad" && id === family.padId;
    const afterPad = isPad ? family.padId : family.padId + ++real;
    const position = family.positions === "after_pad" ? afterPad : at;
    const type = types?.[encoding.tokenTypeIds?.[at] ?? 0];
    return plus(plus(words[id], positions[position]), type);
  });
  const x = layerNorm(model, family, `${prefix}embeddings.LayerNorm`, rows);
  return family.projection ? linear(model, family.projection, x) : x;
}

function layer(model: RawModel, family: BertFamily, index: number, x: Rows): Rows {
  const names = family.layer(index);
  const [query, key, value] = [names.query, names.key, names.value].map((name) =>
    linear(model, name, x),
  );
  const attended = linear(
    model,
    names.attentionOutput,
    attention(family, query ?? [], key ?? [], value ?? []),
  );
  const middle = layerNorm(
    model,
    family,
    names.attentionNorm,
    x.map((row, at) => plus(row, attended[at])),
  );
  const wide = linear(model, names.intermediate, middle).map((row) =>
    row.map(family.activation === "erf" ? geluErf : geluTanh),
  );
  const narrow = linear(model, names.output, wide);
  return layerNorm(
    model,
    family,
    names.outputNorm,
    middle.map((row, at) => plus(row, narrow[at])),
  );
}

function attention(family: BertFamily, query: Rows, key: Rows, value: Rows): Rows {
  const headDim = family.hidden / family.heads;
  return query.map((queryRow) => {
    const out = new Float64Array(family.hidden);
    for (let head = 0; head < family.heads; head++) {
      const [from, to] = [head * headDim, (head + 1) * headDim];
      const q = queryRow.subarray(from, to);
      const scores = key.map((row) => dot(q, row.subarray(from, to)) / Math.sqrt(headDim));
      const top = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - top));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      value.forEach((row, at) => {
        for (let i = from; i < to; i++) {
          out[i] = (out[i] ?? 0) + ((weights[at] ?? 0) / total) * (row[i] ?? 0);
        }
      });
    }
    return out;
  });
}

function linear(model: RawModel, name: string, x: Rows): Rows {
  const weight = matrix(model, `${name}.weight`);
  const bias = model.checkpoint.get(`${name}.bias`).data;
  return x.map((row) => Float64Array.from(weight, (w, out) => dot(row, w) + (bias[out] ?? 0)));
}

function layerNorm(model: RawModel, family: BertFamily, name: string, x: Rows): Rows {
  const weight = model.checkpoint.get(`${name}.weight`).data;
  const bias = model.checkpoint.get(`${name}.bias`).data;
  return x.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    const scale = 1 / Math.sqrt(variance + family.eps);
    return row.map((value, i) => (value - mean) * scale * (weight[i] ?? 0) + (bias[i] ?? 0));
  });
}

function matrix(model: RawModel, name: string): Rows {
  const { shape, data } = model.checkpoint.get(name);
  const [rows = 0, columns = 0] = shape;
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(data.subarray(row * columns, (row + 1) * columns)),
  );
}

function plus(a: Float64Array | undefined, b: Float64Array | undefined): Float64Array {
  if (!a) throw new RangeError("an id is outside of its table");
  return b ? a.map((value, i) => value + (b[i] ?? 0)) : a;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function geluErf(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

function geluTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/** Taylor series 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)); beyond |x| = 4 the result is ±1 within 2e-8. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
