import { attention } from "../../src/reference/attention.js";
import type { HostArgs, Reference } from "../../src/reference/host-args.js";
import { hostTensor } from "../../src/reference/host-args.js";
import { linear } from "../../src/reference/linear.js";
import type { KernelArgs, KernelTensor } from "../../src/template/kernel.js";
import { type Mutant, wrongKernels } from "./mutant.js";

/** Fused kernels that a faster driver might bring, each with a mistake. */
export const fusedMutants: readonly Mutant[] = [
  wrongKernels("attention across the borders of sequences", "op attention, f32", {
    attention: fusedAttention((args) => {
      const { totalTokens } = args.layout;
      const one = {
        batch: 1,
        totalTokens,
        maxSeqLen: totalTokens,
        seqLens: Int32Array.of(totalTokens),
        hostCuSeqlens: Int32Array.of(0, totalTokens),
      };
      return { ...args, layout: one };
    }),
  }),
  wrongKernels("attention with Q and K swapped", "op attention, f32", {
    attention: fusedAttention((args) => {
      const width = args.heads * args.headDim;
      const data = args.qkv.data.map((_, i, all) => {
        const column = i % (3 * width);
        if (column >= 2 * width) return all[i] as number;
        return all[column < width ? i + width : i - width] as number;
      });
      return { ...args, qkv: { ...args.qkv, data } };
    }),
  }),
  wrongKernels("attention that ignores its window", "op attention, f32", {
    attention: fusedAttention((args) => ({ ...args, window: undefined })),
  }),
  wrongKernels("attention that ignores its scale", "op attention, f32", {
    attention: fusedAttention((args) => ({ ...args, scale: 1 })),
  }),
  wrongKernels("attention that forgets the rotation", "op attention, f32", {
    attention: fusedAttention((args) => ({ ...args, ropeCos: undefined })),
  }),
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

/** The reference as a kernel, with its arguments changed on the way. */
function fusedAttention(
  change: (args: HostArgs<"attention">) => HostArgs<"attention">,
): (args: KernelArgs<"attention">) => void {
  const reference: Reference<"attention"> = attention;
  return (args) => {
    const { qkv, ropeCos, ropeSin, positionIds, out, ...rest } = args;
    const host = {
      ...rest,
      qkv: opened(qkv),
      ropeCos: ropeCos && opened(ropeCos),
      ropeSin: ropeSin && opened(ropeSin),
      positionIds: positionIds && hostTensor(positionIds.shape, positionIds.data, "i32"),
      out: hostTensor(out.shape),
    };
    reference(change(host));
    out.data.set(host.out.data);
  };
}

function opened({ shape, data }: KernelTensor) {
  return hostTensor(shape, data);
}
