import type { ActivationDType } from "@ripvec/core";
import type { DType, OpName, Ops, Tensor } from "@ripvec/core/arch";

/** What is applied to each element behind a linear layer. `gelu` is the erf form. */
export type Activation = "gelu" | "gelu_tanh" | "identity" | "relu" | "sigmoid" | "silu" | "tanh";

/** The names that transformers gives to activations (`hidden_act`), as far as they are computed here. */
export const activationByHiddenAct: ReadonlyMap<string, Activation> = new Map([
  ["gelu", "gelu"],
  ["gelu_python", "gelu"],
  ["gelu_new", "gelu_tanh"],
  ["gelu_fast", "gelu_tanh"],
  ["gelu_pytorch_tanh", "gelu_tanh"],
  ["gelu_python_tanh", "gelu_tanh"],
  ["gelu_accurate", "gelu_tanh"],
  ["linear", "identity"],
  ["relu", "relu"],
  ["sigmoid", "sigmoid"],
  ["silu", "silu"],
  ["swish", "silu"],
  ["tanh", "tanh"],
]);

/**
 * PyTorch's classes, as sentence-transformers' Dense names them, here by their last name. It makes them without
 * arguments, so GELU is always the erf form.
 */
export const activationByTorchClass: ReadonlyMap<string, Activation> = new Map([
  ["GELU", "gelu"],
  ["Identity", "identity"],
  ["ReLU", "relu"],
  ["Sigmoid", "sigmoid"],
  ["SiLU", "silu"],
  ["Tanh", "tanh"],
]);

/** The form of GELU that `ops.linear` applies itself; undefined for all else. */
export function fusedForm(activation: Activation): "erf" | "tanh" | undefined {
  if (activation === "gelu") return "erf";
  return activation === "gelu_tanh" ? "tanh" : undefined;
}

/** The optional op that an activation needs. */
export function opsOf(activation: Activation): readonly OpName[] {
  return activation === "relu" ? ["relu"] : [];
}

/** Applies what `ops.linear` did not: x [rows, cols] in, the same memory out, or other where it must be. */
export function activate<D extends ActivationDType>(
  ops: Ops,
  activation: Activation,
  x: Tensor<D>,
): Tensor<D> {
  switch (activation) {
    case "gelu":
    case "gelu_tanh":
    case "identity":
      return x;
    case "relu":
      ops.relu({ x, out: x });
      return x;
    case "tanh":
      ops.tanh({ x, out: x });
      return x;
    case "sigmoid":
      return sigmoid(ops, x);
    case "silu":
      return silu(ops, x);
    default:
      return activation satisfies never;
  }
}

/** x · sigmoid(x), which is swiglu with a gate of ones. */
function silu<D extends ActivationDType>(ops: Ops, x: Tensor<D>): Tensor<D> {
  const out = ops.alloc(x.dtype, x.shape);
  const gate = ops.allocZeroed(x.dtype, x.shape);
  addConstant(ops, gate, 1);
  ops.swiglu({ value: x, gate, out });
  return out;
}

/** ½ + ½ tanh(x / 2) */
function sigmoid<D extends ActivationDType>(ops: Ops, x: Tensor<D>): Tensor<D> {
  const other = ops.alloc(x.dtype, x.shape);
  scale(ops, x, 0.5, other);
  ops.tanh({ x: other, out: other });
  scale(ops, other, 0.5, x);
  addConstant(ops, x, 0.5);
  return x;
}

function addConstant(ops: Ops, x: Tensor, value: number): void {
  const cols = x.shape[1] ?? 0;
  const bias = ops.input(new Float32Array(cols).fill(value), [cols]);
  ops.add_bias({ x, bias, out: x });
}

/** out = factor · x, as the product of a 1 × 1 and a 1 × size matrix. */
function scale(ops: Ops, x: Tensor, factor: number, out: Tensor): void {
  ops.gemm_batched({
    a: scalar(ops, x.dtype, factor),
    b: x,
    batch: 1,
    m: 1,
    n: x.size,
    k: 1,
    transposeB: false,
    strideA: 0,
    strideB: 0,
    strideOut: 0,
    out,
  });
}

function scalar(ops: Ops, dtype: DType, value: number): Tensor {
  const x = ops.input(new Float32Array([value]), [1]);
  if (dtype === "f32") return x;
  const out = ops.alloc(dtype, [1]);
  ops.convert({ x, out });
  return out;
}
