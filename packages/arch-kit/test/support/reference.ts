import type { JsonObject } from "@ripvec/core/arch";
import { PlainModel, type Rows } from "@ripvec/driver-testkit";
import {
  at,
  dot,
  gelu,
  multiply,
  type Vector,
} from "../../../../apps/create-ripvec-arch/template/test/f64.js";
import type { NamedTensor, Tensors } from "./checkpoint.js";

export {
  add,
  at,
  attend,
  multiply,
} from "../../../../apps/create-ripvec-arch/template/test/f64.js";
export type { Rows, Vector };

/** The tensors in f64, with the config of their model. */
export function plainOf({ tensors, config }: { tensors: Tensors; config: JsonObject }): PlainModel {
  return new PlainModel("tiny", config, new Map([...tensors].map(([n, t]) => [n, rowsOf(t)])));
}

function rowsOf({ shape, data }: NamedTensor): Rows {
  const cols = shape.at(-1) ?? 1;
  const rows = data.length / cols;
  return Array.from({ length: rows }, (_, r) => [...data.slice(r * cols, (r + 1) * cols)]);
}

export const geluForms: Readonly<Record<"erf" | "tanh", (x: number) => number>> = {
  erf: gelu,
  tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

export function pool(hidden: Rows, mode: "cls" | "mean" | "last"): Vector {
  if (mode === "cls") return at(hidden, 0);
  if (mode === "last") return at(hidden, hidden.length - 1);
  return at(hidden, 0).map(
    (_, c) => hidden.reduce((sum, row) => sum + at(row, c), 0) / hidden.length,
  );
}

export function dense(x: Vector, tensors: Tensors, activation: (x: number) => number): Vector {
  const model = plainOf({ tensors, config: {} });
  const bias = model.has("linear.bias") ? model.vector("linear.bias") : undefined;
  return multiply(model.matrix("linear.weight"), x).map((sum, i) =>
    activation(sum + (bias ? at(bias, i) : 0)),
  );
}

export function unit(x: Vector): Vector {
  const length = Math.sqrt(dot(x, x));
  return x.map((v) => v / length);
}
