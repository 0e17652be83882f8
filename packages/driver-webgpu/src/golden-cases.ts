import type { Driver } from "@ripvec/core";
import {
  dtypeByteLength,
  type OpName,
  type Ops,
  type SequenceLayout,
  type Tensor,
  type TensorRole,
  weightView,
} from "@ripvec/core/driver";

/** Two sequences. Every width is a multiple of 4, as in real models, so that the same kernels are checked. */
const lengths = [3, 2];
const [tokens, width, heads, headDim, vocab] = [5, 8, 2, 4, 6];
/** Rows that need more than one tile of a product and more than one block of keys in attention. */
const many = 40;
/** Rows and columns of a product that occupies a whole GPU, so that it gets the tiles of real batches. */
const wide = 512;

/** What the cases of one pass share. */
export interface GoldenPass {
  readonly ops: Ops;
  readonly layout: SequenceLayout;
  /** Activations in the dtype that is checked, [rows, cols] of numbers that depend on `seed`. */
  readonly input: (seed: number, rows: number, cols: number) => Tensor;
  readonly output: (rows: number, cols: number) => Tensor;
  readonly ids: (seed: number) => Tensor<"i32">;
  readonly weight: (name: "matrix" | "wide" | "table" | "scale" | "shift") => Tensor;
}

export interface GoldenCase {
  readonly op: OpName;
  /** Elements of the result. */
  readonly size: number;
  record(pass: GoldenPass): Tensor;
}

/** Multiples of 1/16 from −2 to 2, which are exact in f16. */
export function goldenNumbers(seed: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i * 37 + seed * 23) % 65) - 32) / 16);
}

/** The weights of the cases. The caller releases them. */
export function goldenWeights(driver: Driver): ReadonlyMap<string, Tensor> {
  const make = (name: string, seed: number, shape: readonly number[], role: TensorRole) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const view = weightView(`self-check ${name}`, shape, goldenNumbers(seed, size));
    return [name, driver.createTensor(view, role)] as const;
  };
  return new Map([
    make("matrix", 1, [width, width], "matrix"),
    make("wide", 14, [wide, width], "matrix"),
    make("table", 2, [vocab, width], "table"),
    make("scale", 3, [width], "vector"),
    make("shift", 4, [width], "vector"),
  ]);
}

const f32 = (tensor: Tensor): Tensor<"f32"> => tensor as Tensor<"f32">;

/** The ops that the forward pass of a model consists of. */
export const goldenCases: readonly GoldenCase[] = [
  rows("embedding_lookup", ({ ops, weight, ids }, out) => {
    ops.embedding_lookup({ table: weight("table"), ids: ids(0), out });
  }),
  rows("add_embeddings", ({ ops, input, weight, ids }, out) => {
    ops.add_embeddings({ x: input(5, tokens, width), table: weight("table"), ids: ids(3), out });
  }),
  rows("layer_norm", ({ ops, input, weight }, out) => {
    const norm = { weight: f32(weight("scale")), bias: f32(weight("shift")), eps: 1e-5 };
    ops.layer_norm({ x: input(6, tokens, width), ...norm, out });
  }),
  ...([undefined, "erf", "tanh"] as const).map((activation) =>
    rows("linear", ({ ops, input, weight }, out) => {
      const x = input(7, tokens, width);
      ops.linear({ x, weight: weight("matrix"), bias: f32(weight("shift")), activation, out });
    }),
  ),
  averaged("linear", many, width, ({ ops, input, weight }, out) => {
    ops.linear({ x: input(15, many, width), weight: weight("matrix"), out });
  }),
  averaged("linear", wide, wide, ({ ops, input, weight }, out) => {
    ops.linear({ x: input(16, wide, width), weight: weight("wide"), out });
  }),
  rows("attention", ({ ops, layout, input }, out) => {
    const qkv = input(8, tokens, 3 * width);
    ops.attention({ qkv, layout, heads, headDim, scale: 0.5, out });
  }),
  averaged("attention", many, width, ({ ops, input }, out) => {
    const qkv = input(17, many, 3 * width);
    const layout = ops.layout([many]);
    const positionIds = ops.input(
      Int32Array.from({ length: many }, (_, i) => i),
      [many],
    );
    const turns = [many, headDim / 2] as const;
    const ropeCos = ops.input(goldenNumbers(18, many * 2), turns);
    const ropeSin = ops.input(goldenNumbers(19, many * 2), turns);
    const rope = { ropeCos, ropeSin, positionIds };
    ops.attention({ qkv, layout, heads, headDim, scale: 1 / 16, window: 60, ...rope, out });
  }),
  averaged("attention", many, width, ({ ops, input }, out) => {
    const qkv = input(21, many, 3 * width);
    const positionBias = ops.input(goldenNumbers(22, heads * 9), [heads, 9]);
    const places = { positionBias, causal: true, scale: 1 / 16 };
    ops.attention({ qkv, layout: ops.layout([many]), heads, headDim, ...places, out });
  }),
  rows("fused_residual_layer_norm", ({ ops, input, weight }, out) => {
    const norm = { weight: f32(weight("scale")), bias: f32(weight("shift")), eps: 1e-5 };
    const [x, residual] = [input(9, tokens, width), input(10, tokens, width)];
    ops.fused_residual_layer_norm({ x, residual, ...norm, out });
  }),
  pooled("cls_pool"),
  pooled("mean_pool"),
  pooled("last_pool"),
  pooled("max_pool"),
  rows("tanh", ({ ops, input }, out) => ops.tanh({ x: input(12, tokens, width), out })),
  rows("relu", ({ ops, input }, out) => ops.relu({ x: input(20, tokens, width), out })),
  rows("l2_normalize", ({ ops, input }, out) => {
    ops.l2_normalize({ x: input(13, tokens, width), out });
  }),
];

function rows(op: OpName, call: (pass: GoldenPass, out: Tensor) => void): GoldenCase {
  return {
    op,
    size: tokens * width,
    record(pass) {
      const out = pass.output(tokens, width);
      call(pass, out);
      return out;
    },
  };
}

/** Compares the last 64 columns of the mean of many rows. */
function averaged(
  op: OpName,
  count: number,
  cols: number,
  call: (pass: GoldenPass, out: Tensor) => void,
): GoldenCase {
  const size = Math.min(cols, 64);
  return {
    op,
    size,
    record(pass) {
      const { ops } = pass;
      const all = pass.output(count, cols);
      call(pass, all);
      const mean = pass.output(1, cols);
      ops.mean_pool({ x: all, layout: ops.layout([count]), out: mean });
      return ops.slice(mean, cols - size, [size]);
    },
  };
}

function pooled(op: "cls_pool" | "mean_pool" | "last_pool" | "max_pool"): GoldenCase {
  return {
    op,
    size: lengths.length * width,
    record(pass) {
      const out = pass.output(lengths.length, width);
      pass.ops[op]({ x: pass.input(11, tokens, width), layout: pass.layout, out });
      return out;
    },
  };
}

/** Runs all cases in one pass. Resolves with their results, concatenated. */
export async function runGoldenCases(driver: Driver, dtype: "f32" | "f16"): Promise<Float32Array> {
  const weights = goldenWeights(driver);
  try {
    return await driver.run((ops) => recordCases(ops, dtype, weights));
  } finally {
    for (const weight of weights.values()) driver.releaseTensor(weight);
  }
}

function recordCases(
  ops: Ops,
  dtype: "f32" | "f16",
  weights: ReadonlyMap<string, Tensor>,
): Tensor<"f32"> {
  const total = goldenCases.reduce((sum, { size }) => sum + size, 0);
  const all = ops.alloc("f32", [total]);
  const pass: GoldenPass = {
    ops,
    layout: ops.layout(lengths),
    input(seed, count, cols) {
      const values = ops.input(goldenNumbers(seed, count * cols), [count, cols]);
      if (dtype === "f32") return values;
      const narrow = ops.alloc(dtype, [count, cols]);
      ops.convert({ x: values, out: narrow });
      return narrow;
    },
    output: (count, cols) => ops.alloc(dtype, [count, cols]),
    ids: (seed) =>
      ops.input(
        Int32Array.from({ length: tokens }, (_, i) => (i * 5 + seed) % vocab),
        [tokens],
      ),
    weight: (name) => weights.get(name) as Tensor,
  };
  let start = 0;
  for (const { record, size } of goldenCases) {
    ops.scope(() => {
      const result = record(pass);
      const out = ops.slice(all, start, [size]);
      if (dtypeByteLength(result.dtype) === 4) ops.copy({ x: result, out });
      else ops.convert({ x: result, out });
    });
    start += size;
  }
  return all;
}
