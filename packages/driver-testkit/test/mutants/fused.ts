import { hostTensor } from "../../src/reference/host-args.js";
import { linear } from "../../src/reference/linear.js";
import type { KernelTensor } from "../../src/template/kernel.js";
import { type Mutant, wrongKernels } from "./mutant.js";

/** Fused kernels that a faster driver might have, each with one mistake. */
export const fusedMutants: readonly Mutant[] = [
  wrongKernels("bias added after the activation", "op linear, f32", {
    linear(args) {
      const { x, weight, bias, activation, out } = args;
      const host = { x: opened(x), weight: opened(weight), activation, out: hostTensor(out.shape) };
      linear(host);
      const cols = out.shape[1] ?? 0;
      out.data.set(host.out.data.map((value, i) => value + (bias?.data[i % cols] ?? 0)));
    },
  }),
];

function opened({ shape, data }: KernelTensor) {
  return hostTensor(shape, data);
}
