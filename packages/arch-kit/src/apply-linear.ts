import type { ActivationDType } from "@ripvec/core";
import type { Ops, Tensor } from "@ripvec/core/arch";
import { type Activation, activate, geluForm } from "./activation.js";
import type { Linear } from "./checkpoint.js";

/**
 * activation(x · weightᵀ + bias): x [rows, inputs] in, `out` [rows, outputs] is written. A GELU is part of the same op.
 * Use only the returned result: it is `out` itself, or a new tensor of the current scope, and then the contents of `out`
 * are unspecified.
 */
export function applyLinear<D extends ActivationDType>(
  ops: Ops,
  { weight, bias }: Linear,
  x: Tensor,
  out: Tensor<D>,
  activation: Activation = "identity",
): Tensor<D> {
  const form = geluForm(activation);
  ops.linear({ x, weight, bias, activation: form, out });
  return form ? out : activate(ops, activation, out);
}
