import type { GeluForm } from "@ripvec/core/driver";
import { erfc } from "../../numbers/erf.js";
import type { Kernel } from "../kernel.js";

export const gelu: Kernel<"gelu"> = ({ x, form, out }) => {
  const formula = geluFormulas[form];
  for (let i = 0; i < x.size; i++) out.data[i] = formula(x.data[i] as number);
};

export const geluFormulas: Readonly<Record<GeluForm, (x: number) => number>> = {
  erf: (x: number) => (x / 2) * erfc(-x / Math.SQRT2),
  tanh: (x: number) => {
    const inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
    return (x / 2) * (1 + Math.tanh(inner));
  },
};
