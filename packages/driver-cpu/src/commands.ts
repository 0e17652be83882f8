import {
  type DType,
  dtypeByteLength,
  type OpArgs,
  type OpName,
  opNames,
  opSpecs,
} from "@ripvec/core/driver";
import type { NativeOp } from "./native.js";

/**
 * What follows the tensors of an op in the command stream: the numbers that its row in
 * runtime/op_table.cc reads, in that order. The tensors are those of core's spec, in its order; an op
 * with a layout has cuSeqlens before them, and batch and maxSeqLen before its numbers.
 */
type Numbers = { readonly [K in OpName]?: (args: OpArgs[K]) => readonly number[] };

/** As `DType` in runtime/kernels.h. */
const dtypes: readonly DType[] = ["f32", "f16", "bf16", "i8", "i32"];
/** As `Activation` in runtime/kernels.h. */
const activations: readonly (string | undefined)[] = [undefined, "erf", "tanh"];
const noWindow = -1;

type Sized = { readonly shape: readonly number[] };
const dim = (tensor: Sized, axis: number): number => tensor.shape[axis] ?? 0;
const rowsCols = (tensor: Sized): readonly number[] => [dim(tensor, 0), dim(tensor, 1)];

const numbers: Numbers = {
  pad_to_batch: ({ x }) => [dim(x, 1)],
  unpad_from_batch: ({ out }) => [dim(out, 1)],
  qkv_split: ({ q, heads, headDim }) => [dim(q, 0), dim(q, 2), heads, headDim],
  attn_reshape: ({ x }) => x.shape,
  split_gate_value: ({ value }) => rowsCols(value),
  convert: ({ x, out }) => [dtypes.indexOf(x.dtype), dtypes.indexOf(out.dtype), x.size],
  copy: ({ x }) => [x.size * dtypeByteLength(x.dtype)],
  fused_pad_qkv_split: ({ heads, headDim }) => [heads, headDim],
  fused_reshape_unpad: ({ x }) => [dim(x, 1), dim(x, 3)],
  embedding_lookup: ({ out }) => rowsCols(out),
  add_embeddings: ({ out }) => rowsCols(out),
  gemm: ({ a, out, transposeB }) => [dim(a, 0), dim(out, 1), dim(a, 1), Number(transposeB)],
  gemm_batched: ({ batch, m, n, k, strideA, strideB, strideOut, transposeB }) => [
    batch,
    m,
    n,
    k,
    strideA,
    strideB,
    strideOut,
    Number(transposeB),
  ],
  linear: ({ x, out, activation }) => [
    dim(x, 0),
    dim(x, 1),
    dim(out, 1),
    activations.indexOf(activation),
  ],
  layer_norm: ({ x, eps }) => [...rowsCols(x), eps],
  fused_residual_layer_norm: ({ x, eps }) => [...rowsCols(x), eps],
  scale_mask_softmax: ({ x, scale, window }) => [...x.shape, scale, window ?? noWindow],
  build_attn_mask: () => [],
  apply_rope: ({ x, heads, headDim }) => [...rowsCols(x), heads, headDim],
  attention: ({ heads, headDim, scale, window, causal, positionBias }) => [
    heads,
    headDim,
    scale,
    window ?? noWindow,
    Number(causal ?? false),
    positionBias ? dim(positionBias, 1) : 0,
  ],
  add_bias: ({ x }) => rowsCols(x),
  residual_add: ({ x }) => [x.size],
  gelu: ({ x, form }) => [x.size, activations.indexOf(form)],
  tanh: ({ x }) => [x.size],
  relu: ({ x }) => [x.size],
  swiglu: ({ value }) => [value.size],
  geglu: ({ value, form }) => [value.size, activations.indexOf(form)],
  fused_bias_gelu: ({ x, form }) => [...rowsCols(x), activations.indexOf(form)],
  fused_bias_residual: ({ x }) => rowsCols(x),
  fused_split_geglu: ({ out, form }) => [...rowsCols(out), activations.indexOf(form)],
  cls_pool: ({ x }) => [dim(x, 1)],
  mean_pool: ({ x }) => [dim(x, 1)],
  last_pool: ({ x }) => [dim(x, 1)],
  max_pool: ({ x }) => [dim(x, 1)],
  l2_normalize: ({ x }) => rowsCols(x),
};

/** How one op is written into the stream. */
export interface Command {
  readonly code: number;
  /** Argument names, in stream order; without the layout's cuSeqlens. */
  readonly tensors: readonly string[];
  readonly numbers: (args: never) => readonly number[];
}

export interface CommandSet {
  readonly ops: ReadonlyMap<OpName, Command>;
  /** Code of the internal command that fills memory. */
  readonly fill: number;
}

/**
 * Pairs this table with the ops that the addon lists. Throws an Error that names the first op on which they
 * differ: then the addon is of another version.
 */
export function commandSet(native: readonly NativeOp[]): CommandSet {
  const ops = new Map<OpName, Command>();
  for (const name of opNames) {
    const make = numbers[name];
    if (!make) continue;
    const code = native.findIndex((op) => op.name === name);
    if (code === -1) throw new Error(`the addon has no kernel for ${name}`);
    const tensors = Object.keys(opSpecs[name].tensors);
    const layoutPair = native[code]?.tensors === tensors.length + 1;
    if (!layoutPair && native[code]?.tensors !== tensors.length) {
      throw new Error(`the addon takes other arguments for ${name}`);
    }
    ops.set(name, { code, tensors, numbers: make });
  }
  const fill = native.findIndex((op) => op.name === "fill");
  if (fill === -1) throw new Error("the addon has no command fill");
  return { ops, fill };
}
