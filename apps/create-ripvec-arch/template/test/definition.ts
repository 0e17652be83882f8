import type { PlainModel, PlainText, Rows } from "@ripvec/driver-testkit";
import { add, at, attend, gelu, multiply, norm, type Vector } from "./f64.js";

/**
 * The token vectors of one text in f64, written from the definition of the model and not from `src`. It is as simple as
 * possible, because it must be right: the tests compare the architecture with it.
 */
export function forward(model: PlainModel, { ids }: PlainText): Rows {
  const prefix = model.has("model.words.weight") ? "model." : "";
  const weight = (name: string) => model.matrix(`${prefix}${name}.weight`);
  const linear = (x: Vector, name: string) => multiply(weight(name), x);
  const normed = (x: Vector, name: string) =>
    norm(x, model.vector(`${prefix}${name}.weight`), model.number("norm_eps"));
  const heads = model.number("num_attention_heads");
  const headDim = model.number("hidden_size") / heads;
  const inner = model.number("intermediate_size");
  const rotated = (rows: Rows) => rows.map((row, p) => rotate(row, p, headDim, model));

  let x: Rows = ids.map((id) => at(weight("words"), id));
  for (let i = 0; i < model.number("num_hidden_layers"); i++) {
    const layer = `layers.${i}`;
    const y = x.map((row) => normed(row, `${layer}.norm1`));
    const q = rotated(y.map((row) => linear(row, `${layer}.q`)));
    const k = rotated(y.map((row) => linear(row, `${layer}.k`)));
    const v = y.map((row) => linear(row, `${layer}.v`));
    const window = i % 2 === 1 ? model.number("local_attention") : undefined;
    const context = attend(q, k, v, heads, window);
    x = x.map((row, t) => add(row, linear(at(context, t), `${layer}.o`)));
    x = x.map((row) => {
      const up = linear(normed(row, `${layer}.norm2`), `${layer}.up`);
      const gated = up.slice(0, inner).map((value, d) => gelu(value) * at(up, inner + d));
      return add(row, linear(gated, `${layer}.down`));
    });
  }
  return x.map((row) => normed(row, "norm"));
}

/** Each pair (d, d + headDim / 2) of each head as a complex number, times exp(i · position · theta^(−2d / headDim)). */
function rotate(row: Vector, position: number, headDim: number, model: PlainModel): Vector {
  const half = headDim / 2;
  const theta = model.number("rope_theta", 10_000);
  return row.map((value, column) => {
    const d = column % headDim;
    const angle = position * theta ** ((-2 * (d % half)) / headDim);
    const other = at(row, d < half ? column + half : column - half);
    return value * Math.cos(angle) + (d < half ? -other : other) * Math.sin(angle);
  });
}
