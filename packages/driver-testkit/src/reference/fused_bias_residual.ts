import type { Reference } from "./host-args.js";

/** The sum may be computed in any order, so errors are relative to all three terms. */
export const fused_bias_residual: Reference<"fused_bias_residual"> = ({
  x,
  bias,
  residual,
  out,
}) => {
  const cols = x.shape[1] as number;
  for (let i = 0; i < out.data.length; i++) {
    const terms = [x.data[i], bias.data[i % cols], residual.data[i]] as [number, number, number];
    out.data[i] = terms[0] + terms[1] + terms[2];
    out.magnitude[i] = Math.abs(terms[0]) + Math.abs(terms[1]) + Math.abs(terms[2]);
  }
};
