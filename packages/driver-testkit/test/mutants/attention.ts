import { attention } from "../../src/reference/attention.js";
import { type HostArgs, hostTensor, type Reference } from "../../src/reference/host-args.js";
import type { KernelTensor, OpenedArgs } from "../../src/template/kernel.js";
import { type Mutant, wrongKernels } from "./mutant.js";

/** Attention kernels, each with one mistake. */
export const attentionMutants: readonly Mutant[] = [
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
  wrongAttention("takes key and query of a bias the wrong way round", (args) => {
    return biasedBy(args, (bias, head, distance) => bias(head, -distance));
  }),
  wrongAttention("takes the bias of the next distance", (args) => {
    return biasedBy(args, (bias, head, distance) => bias(head, distance + 1));
  }),
  wrongAttention("reads on in the biases beyond their reach", (args) => {
    const { positionBias } = args;
    const columns = positionBias?.shape[1] ?? 0;
    return biasedBy(args, (_, head, distance) => {
      return positionBias?.data[head * columns + (columns - 1) / 2 + distance] ?? 0;
    });
  }),
  wrongAttention("has no bias beyond its reach", (args) => {
    const reach = ((args.positionBias?.shape[1] ?? 1) - 1) / 2;
    return biasedBy(args, (bias, head, distance) => {
      return Math.abs(distance) > reach ? 0 : bias(head, distance);
    });
  }),
  wrongAttention("adds the bias before the scale", (args) => {
    return biasedBy(args, (bias, head, distance) => args.scale * bias(head, distance));
  }),
  wrongAttention("takes the biases of the first head for all", (args) => {
    return biasedBy(args, (bias, _, distance) => bias(0, distance));
  }),
  wrongAttention("forgets the bias where it is causal", (args) => {
    return args.causal ? { ...args, positionBias: undefined } : args;
  }),
  wrongAttention("takes −Infinity in a bias for a low number", (args) => {
    return biasedBy(args, (bias, head, distance) => Math.max(-10_000, bias(head, distance)));
  }),
  wrongAttention("ignores that it is causal", (args) => ({ ...args, causal: false })),
  wrongAttention("ignores that it is causal where it has a bias", (args) => {
    return { ...args, causal: args.causal && !args.positionBias };
  }),
  wrongAttention("hides a query from itself where it is causal", (args) => {
    if (!args.causal) return args;
    const hide = Number.NEGATIVE_INFINITY;
    return biasedBy(args, (bias, head, distance) => {
      return distance === 0 ? hide : bias(head, distance);
    });
  }),
  wrongAttention("sees the future in place of the past", (args) => {
    if (!args.causal) return args;
    const hide = Number.NEGATIVE_INFINITY;
    const reversed = { ...args, causal: false };
    return biasedBy(reversed, (bias, head, distance) =>
      distance < 0 ? hide : bias(head, distance),
    );
  }),
  wrongAttention("forgets its window where it is causal", (args) => {
    return args.causal ? { ...args, window: undefined } : args;
  }),
  wrongAttention("forgets the rotation where it has a bias", (args) => {
    return args.positionBias ? { ...args, ropeCos: undefined } : args;
  }),
];

function wrongAttention(
  mistake: string,
  change: (args: HostArgs<"attention">) => HostArgs<"attention">,
): Mutant {
  const kernels = { attention: fusedAttention(change) };
  return wrongKernels(`attention that ${mistake}`, "op attention, f32", kernels);
}

type Bias = (head: number, distance: number) => number;

/**
 * Changes the bias of every distance in the batch. `bias` gives the right one, which is 0 if there
 * is none.
 */
function biasedBy(
  args: HostArgs<"attention">,
  change: (bias: Bias, head: number, distance: number) => number,
): HostArgs<"attention"> {
  const { positionBias, causal, heads, layout } = args;
  if (!positionBias && !causal) return args;
  const columns = positionBias?.shape[1] ?? 1;
  const reach = (columns - 1) / 2;
  const bias: Bias = (head, distance) => {
    const clamped = Math.max(-reach, Math.min(reach, distance));
    return positionBias?.data[head * columns + reach + clamped] ?? 0;
  };
  const longest = layout.maxSeqLen;
  const width = 2 * longest + 1;
  const values = Array.from({ length: heads * width }, (_, i) => {
    return change(bias, Math.floor(i / width), (i % width) - longest);
  });
  return { ...args, positionBias: hostTensor([heads, width], values) };
}

/** The reference as a kernel that changes its arguments first. */
export function fusedAttention(
  change: (args: HostArgs<"attention">) => HostArgs<"attention">,
): (args: OpenedArgs<"attention">) => void {
  const reference: Reference<"attention"> = attention;
  return (args) => {
    const { qkv, ropeCos, ropeSin, positionIds, positionBias, out, ...rest } = args;
    const host = {
      ...rest,
      qkv: opened(qkv),
      ropeCos: ropeCos && opened(ropeCos),
      ropeSin: ropeSin && opened(ropeSin),
      positionIds: positionIds && hostTensor(positionIds.shape, positionIds.data, "i32"),
      positionBias: positionBias && opened(positionBias),
      out: hostTensor(out.shape),
    };
    reference(change(host));
    out.data.set(host.out.data);
  };
}

function opened({ shape, data }: KernelTensor) {
  return hostTensor(shape, data);
}
