import type { Encoding, ModelSource } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { normals, type Tensors, weightSource } from "./checkpoint.js";
import { hidden } from "./modules.js";
import { add, at, attend, dot, geluForms, type Rows, rowsOf, vectorOf } from "./reference.js";
import { vocabSize } from "./run.js";

export interface ToyModel {
  readonly source: ModelSource;
  readonly tensors: Tensors;
}

/** The largest number of tokens in a text. */
export const positions = 20;
const layers = 3;
const heads = 2;
const inner = 10;
const headDim = hidden / heads;
const eps = 1e-4;
const theta = 100;
const window = 4;

const base: JsonObject = {
  model_type: "toy",
  vocab_size: vocabSize,
  hidden_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  intermediate_size: inner,
  max_position_embeddings: positions,
  norm_eps: eps,
  rope_theta: theta,
  local_attention: window,
};

/** A random model of the toy architecture. */
export function toyModel(config: JsonObject = {}, prefix = ""): ToyModel {
  const normal = normals(5);
  const tensors: Tensors = new Map();
  const put = (name: string, std: number, shape: readonly number[], around = 0) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const data = Float32Array.from({ length: size }, () => around + normal(std));
    tensors.set(`${prefix}${name}.weight`, { shape, data });
  };
  put("words", 0.7, [vocabSize, hidden]);
  for (let i = 0; i < layers; i++) {
    const layer = `layers.${i}`;
    put(`${layer}.norm1`, 0.1, [hidden], 1);
    put(`${layer}.norm2`, 0.1, [hidden], 1);
    for (const name of ["q", "k"]) put(`${layer}.${name}`, 0.5, [hidden, hidden]);
    for (const name of ["v", "o"]) put(`${layer}.${name}`, 0.3, [hidden, hidden]);
    put(`${layer}.up`, 0.3, [2 * inner, hidden]);
    put(`${layer}.down`, 0.3, [hidden, inner]);
  }
  put("norm", 0.1, [hidden], 1);
  const weights = weightSource(tensors);
  return { source: { id: "toy", config: { ...base, ...config }, weights }, tensors };
}

/** The token vectors of one text in f64, from the definition of the toy architecture. */
export function toyHidden(
  { tensors }: ToyModel,
  { inputIds }: Encoding,
  wrong: { readonly window?: number; readonly theta?: number; readonly prefix?: string } = {},
): Rows {
  const prefix = wrong.prefix ?? "";
  const linear = (x: number[], name: string): number[] =>
    rowsOf(tensors, `${prefix}${name}.weight`).map((row) => dot(row, x));
  const norm = (x: number[], name: string): number[] => {
    const weight = vectorOf(tensors, `${prefix}${name}.weight`);
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
    return x.map((v, i) => ((v - mean) / Math.sqrt(variance + eps)) * at(weight, i));
  };
  const words = rowsOf(tensors, `${prefix}words.weight`);
  let x = Array.from(inputIds, (id) => at(words, id));
  for (let i = 0; i < layers; i++) {
    const layer = `layers.${i}`;
    const normed = x.map((row) => norm(row, `${layer}.norm1`));
    const [q, k, v] = ["q", "k", "v"].map((name) =>
      normed.map((row) => linear(row, `${layer}.${name}`)),
    ) as [Rows, Rows, Rows];
    const rotated = [q, k].map((rows) =>
      rows.map((row, p) => rotate(row, p, wrong.theta ?? theta)),
    );
    const sight = i % 2 === 1 ? (wrong.window ?? window) : undefined;
    const context = attend(at(rotated, 0), at(rotated, 1), v, heads, sight);
    x = x.map((row, t) => add(row, linear(at(context, t), `${layer}.o`)));
    x = x.map((row) => {
      const up = linear(norm(row, `${layer}.norm2`), `${layer}.up`);
      const gated = up.slice(0, inner).map((u, d) => geluForms.erf(u) * at(up, inner + d));
      return add(row, linear(gated, `${layer}.down`));
    });
  }
  return x.map((row) => norm(row, "norm"));
}

/** Each pair (d, d + headDim / 2) of each head as a complex number, times exp(i · position · theta^(−2d / headDim)). */
function rotate(row: number[], position: number, theta: number): number[] {
  const half = headDim / 2;
  return row.map((value, column) => {
    const d = column % headDim;
    const angle = position * theta ** ((-2 * (d % half)) / headDim);
    const other = at(row, d < half ? column + half : column - half);
    return value * Math.cos(angle) + (d < half ? -other : other) * Math.sin(angle);
  });
}
