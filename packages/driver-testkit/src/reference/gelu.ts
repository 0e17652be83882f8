import { erfc } from "../numbers/erf.js";
import type { Reference } from "./host-args.js";

/** The two forms of GELU in f64. */
export const geluFormulas = {
  erf: (x: number): number => (x / 2) * erfc(-x / Math.SQRT2),
  tanh: (x: number): number =>
    (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

/** In the negative tail the terms of 1 + erf cancel, so errors are relative to x. */
export const gelu: Reference<"gelu"> = ({ x, form, out }) => {
  x.data.forEach((value, i) => {
    out.data[i] = geluFormulas[form](value);
    out.magnitude[i] = Math.abs(value);
  });
};
