import { type ActivationDType, UnsupportedError } from "@ripvec/core";
import type { DType, OpName, Ops, Tensor } from "@ripvec/core/arch";
import type { JsonFields } from "./json-fields.js";

/** A function of one element. `gelu` is the erf form. */
export type Activation = "gelu" | "gelu_tanh" | "identity" | "relu" | "sigmoid" | "silu" | "tanh";

/** Activations by their names in transformers (`ACT2FN`). */
const activationByName: ReadonlyMap<string, Activation> = new Map([
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
 * The names of PyTorch's classes, without their modules. sentence-transformers calls their constructors without
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

/** Reads a field that names an activation as transformers does. Throws UnsupportedError for a name that is not known. */
export function readActivation(json: JsonFields, key: string, fallback?: string): Activation {
  const value = json.text(key, fallback);
  const activation = activationByName.get(value);
  if (activation) return activation;
  throw new UnsupportedError({ what: key, value, supported: [...activationByName.keys()] });
}

/** The form of a GELU; undefined for every other activation. */
export function geluForm(activation: Activation): "erf" | "tanh" | undefined {
  if (activation === "gelu") return "erf";
  return activation === "gelu_tanh" ? "tanh" : undefined;
}

/** The optional ops that `activate` needs. */
export function opsOfActivation(activation: Activation): readonly OpName[] {
  return activation === "relu" ? ["relu"] : [];
}

/** An activation as it is written in signatures: "gelu=erf", "gelu=tanh", "act=relu". */
export function activationSignature(activation: Activation): string {
  const form = geluForm(activation);
  return form ? `gelu=${form}` : `act=${activation}`;
}

/**
 * Applies an activation to x [rows, cols] and returns the result. Use only the result: it is x itself, or a new tensor of
 * the current scope, and then the contents of x are unspecified.
 */
export function activate<D extends ActivationDType>(
  ops: Ops,
  activation: Activation,
  x: Tensor<D>,
): Tensor<D> {
  switch (activation) {
    case "identity":
      return x;
    case "gelu":
      ops.gelu({ x, form: "erf", out: x });
      return x;
    case "gelu_tanh":
      ops.gelu({ x, form: "tanh", out: x });
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

/** x · sigmoid(x): swiglu with a gate of ones. */
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
