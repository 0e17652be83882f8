import { ArgumentError, DTypeError, ShapeError } from "@ripvec/core";
import type { Tensor } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { nullDriver } from "../support/null-driver.js";
import { expectError, f16, f32, ids, loose, type Refusal } from "../support/refusals.js";

const shapes: readonly Refusal[] = [
  [
    "a column too many",
    (ops) => ops.add_bias({ x: f32(ops, 3, 8), bias: f32(ops, 9), out: f32(ops, 3, 8) }),
    /^add_bias: bias must be \[cols=8\], got \[9\]$/,
  ],
  [
    "a rank too many",
    (ops) => ops.gelu({ x: f32(ops, 1, 3, 8), form: "erf", out: f32(ops, 3, 8) }),
    /^gelu: x must be \[rows, cols\], got \[1, 3, 8\]$/,
  ],
  [
    "an output of other shape",
    (ops) => ops.residual_add({ x: f32(ops, 3, 8), residual: f32(ops, 3, 8), out: f32(ops, 8, 3) }),
    /^residual_add: out must be \[rows=3, cols=8\], got \[8, 3\]$/,
  ],
  [
    "a product of dimensions",
    (ops) => {
      const q = f32(ops, 2, 2, 3, 4);
      const [k, v] = [f32(ops, 2, 2, 3, 4), f32(ops, 2, 2, 3, 4)];
      ops.qkv_split({ qkv: f32(ops, 2, 3, 25), heads: 2, headDim: 4, q, k, v });
    },
    /^qkv_split: qkv must be \[.*3\*heads\*headDim=24\], got \[2, 3, 25\]$/,
  ],
  [
    "a matrix the wrong way round",
    (ops) => ops.linear({ x: f32(ops, 3, 8), weight: f32(ops, 8, 5), out: f32(ops, 3, 5) }),
    /^linear: weight must be \[outputs, inputs=8\], got \[8, 5\]$/,
  ],
  [
    "gemm with b not transposed",
    (ops) =>
      ops.gemm({ a: f32(ops, 3, 8), b: f32(ops, 5, 8), transposeB: false, out: f32(ops, 3, 5) }),
    /^gemm: b must be \[8, 5\], got \[5, 8\]$/,
  ],
  [
    "a batched product beyond its tensor",
    (ops) =>
      ops.gemm_batched({
        ...{ a: f32(ops, 12), b: f32(ops, 12), batch: 3, m: 2, n: 2, k: 2, transposeB: true },
        ...{ strideA: 4, strideB: 5, strideOut: 4, out: f32(ops, 12) },
      }),
    /^gemm_batched: b must be at least 14 elements, got 12$/,
  ],
  [
    "outputs of a batched product that overlap",
    (ops) =>
      ops.gemm_batched({
        ...{ a: f32(ops, 8), b: f32(ops, 8), batch: 2, m: 2, n: 2, k: 2, transposeB: true },
        ...{ strideA: 4, strideB: 4, strideOut: 3, out: f32(ops, 8) },
      }),
    /strideOut must be at least 4, got 3/,
  ],
  [
    "rows that the layout has not",
    (ops) => ops.mean_pool({ x: f32(ops, 4, 8), layout: ops.layout([2, 3]), out: f32(ops, 2, 8) }),
    /^mean_pool: x must be \[totalTokens=5, cols\], got \[4, 8\]$/,
  ],
  [
    "room for fewer tokens than the longest text has",
    (ops) =>
      ops.pad_to_batch({ x: f32(ops, 5, 8), layout: ops.layout([2, 3]), out: f32(ops, 2, 2, 8) }),
    /^pad_to_batch: out must be \[batch=2, maxSeqLen=3, cols=8\], got \[2, 2, 8\]$/,
  ],
  [
    "a vector too few",
    (ops) => ops.cls_pool({ x: f32(ops, 5, 8), layout: ops.layout([2, 3]), out: f32(ops, 1, 8) }),
    /^cls_pool: out must be \[batch=2, cols=8\], got \[1, 8\]$/,
  ],
  [
    "eps 0",
    (ops) =>
      ops.layer_norm({ x: f32(ops, 3, 8), weight: f32(ops, 8), eps: 0, out: f32(ops, 3, 8) }),
    /^layer_norm: eps must be positive and finite, got 0$/,
  ],
  [
    "an odd window",
    (ops) => {
      const x = f32(ops, 1, 1, 2, 2);
      ops.scale_mask_softmax({ x, scale: 1, window: 3, out: x });
    },
    /window must be an even whole number, got 3/,
  ],
  [
    "a scale that is not finite",
    (ops) => {
      const x = f32(ops, 1, 1, 2, 2);
      ops.scale_mask_softmax({ x, scale: Number.NaN, out: x });
    },
    /scale must be finite/,
  ],
  [
    "no heads",
    (ops) => {
      const layout = ops.layout([3]);
      ops.attention({
        ...{ qkv: f32(ops, 3, 0), layout, heads: 0, headDim: 4, scale: 1, out: f32(ops, 3, 0) },
      });
    },
    /heads must be a positive whole number, got 0/,
  ],
  [
    "an unknown form",
    (ops) => ops.gelu({ x: f32(ops, 3, 8), form: loose("quick"), out: f32(ops, 3, 8) }),
    /form must be one of erf, tanh, got quick/,
  ],
  [
    "half a rope",
    (ops) => {
      const layout = ops.layout([3]);
      const ropeCos = f32(ops, 3, 2);
      const shape = { heads: 1, headDim: 4, scale: 1 };
      ops.attention({ qkv: f32(ops, 3, 12), layout, ...shape, ropeCos, out: f32(ops, 3, 4) });
    },
    /all given or none, got 1 of 3/,
  ],
  [
    "biases for an even number of distances",
    (ops) => {
      const positionBias = f32(ops, 1, 4);
      const shape = { layout: ops.layout([3]), heads: 1, headDim: 4, scale: 1 };
      ops.attention({ qkv: f32(ops, 3, 12), ...shape, positionBias, out: f32(ops, 3, 4) });
    },
    /^attention: positionBias must be \[heads, 2·reach \+ 1\], an odd number of columns, got \[1, 4\]$/,
  ],
  [
    "biases of another number of heads",
    (ops) => {
      const positionBias = f32(ops, 1, 3);
      const shape = { layout: ops.layout([3]), heads: 2, headDim: 2, scale: 1 };
      ops.attention({ qkv: f32(ops, 3, 12), ...shape, positionBias, out: f32(ops, 3, 4) });
    },
    /positionBias must be \[heads=2, distances\], got \[1, 3\]/,
  ],
  [
    "causal that is neither true nor false",
    (ops) => {
      const shape = { layout: ops.layout([3]), heads: 1, headDim: 4, scale: 1 };
      const causal: boolean = loose(1);
      ops.attention({ qkv: f32(ops, 3, 12), ...shape, causal, out: f32(ops, 3, 4) });
    },
    /causal must be true or false, got 1/,
  ],
  [
    "transposeB left out",
    (ops) =>
      ops.gemm({
        ...{ a: f32(ops, 3, 8), b: f32(ops, 8, 5), out: f32(ops, 3, 5) },
        transposeB: loose(undefined),
      }),
    /transposeB must be true or false/,
  ],
];
test.each(shapes)("shapes: %s", (_, body, message) => expectError(body, ShapeError, message));

const ranges: readonly Refusal[] = [
  [
    "an id as large as the table",
    (ops) =>
      ops.embedding_lookup({ table: f32(ops, 10, 8), ids: ids(ops, 0, 10), out: f32(ops, 2, 8) }),
    /^embedding_lookup: ids must be in 0 … 9, got 10$/,
  ],
  [
    "a negative id",
    (ops) =>
      ops.embedding_lookup({ table: f32(ops, 10, 8), ids: ids(ops, -1, 3), out: f32(ops, 2, 8) }),
    /ids must be in 0 … 9, got -1/,
  ],
  [
    "an id of a view",
    (ops) => {
      const all = ids(ops, 1, 2, 50, 3);
      const view = ops.slice(all, 1, [2]);
      ops.embedding_lookup({ table: f32(ops, 10, 8), ids: view, out: f32(ops, 2, 8) });
    },
    /ids must be in 0 … 9, got 50/,
  ],
  [
    "a position beyond the rope table",
    (ops) => {
      const [cos, sin] = [f32(ops, 4, 2), f32(ops, 4, 2)];
      const x = f32(ops, 2, 4);
      ops.apply_rope({ x, cos, sin, positionIds: ids(ops, 0, 4), heads: 1, headDim: 4, out: x });
    },
    /positionIds must be in 0 … 3, got 4/,
  ],
];
test.each(ranges)("ranges: %s", (_, body, message) => expectError(body, ShapeError, message));

const dtypes: readonly Refusal[] = [
  [
    "two dtypes in one op",
    (ops) => ops.residual_add({ x: f16(ops, 3, 8), residual: f32(ops, 3, 8), out: f16(ops, 3, 8) }),
    /^residual_add: residual must be f16, got f32$/,
  ],
  [
    "integers as activations",
    (ops) => {
      const x = loose<Tensor>(ops.alloc("i32", [3, 8]));
      ops.gelu({ x, form: "erf", out: x });
    },
    /^gelu: x must be f32 or f16, got i32$/,
  ],
  [
    "a norm weight of f16",
    (ops) => {
      const weight = loose<Tensor<"f32">>(f16(ops, 8));
      ops.layer_norm({ x: f16(ops, 3, 8), weight, eps: 1, out: f16(ops, 3, 8) });
    },
    /^layer_norm: weight must be f32, got f16$/,
  ],
  [
    "integers as a matrix",
    (ops) => {
      const weight = loose<Tensor>(ops.alloc("i32", [5, 8]));
      ops.linear({ x: f32(ops, 3, 8), weight, out: f32(ops, 3, 5) });
    },
    /^linear: weight must be f32, got i32$/,
  ],
  [
    "ids of f32",
    (ops) => {
      const ids = loose<Tensor<"i32">>(f32(ops, 2));
      ops.embedding_lookup({ table: f32(ops, 10, 8), ids, out: f32(ops, 2, 8) });
    },
    /^embedding_lookup: ids must be i32, got f32$/,
  ],
  [
    "copy between dtypes",
    (ops) => ops.copy({ x: f32(ops, 4), out: f16(ops, 4) }),
    /^copy: out must be f32, got f16$/,
  ],
  [
    "alloc of what the driver lacks",
    (ops) => ops.alloc("bf16", [2]),
    /^alloc: dtype must be f32 or f16 or i32, got bf16$/,
  ],
];
test.each(dtypes)("dtypes: %s", (_, body, message) => expectError(body, DTypeError, message));

const kinds: readonly Refusal[] = [
  [
    "no arguments",
    (ops) => loose<{ gelu: () => void }>(ops).gelu(),
    /^gelu: args must be an object, got undefined$/,
  ],
  ["null as arguments", (ops) => ops.gemm(loose(null)), /^gemm: args must be an object, got null$/],
  [
    "a shape left out",
    (ops) => ops.alloc("f32", loose(undefined)),
    /^alloc: shape must be an array of dimensions, got undefined$/,
  ],
  [
    "a number as a shape",
    (ops) => ops.reshape(f32(ops, 4), loose(4)),
    /^reshape: shape must be an array of dimensions, got a number$/,
  ],
  ...[null, undefined, 3, "12", {}].map<Refusal>((lengths) => [
    `lengths that are ${JSON.stringify(lengths)}`,
    (ops) => ops.layout(loose(lengths)),
    /^layout: seqLens must be an array of lengths, got /,
  ]),
];
test.each(kinds)("kinds: %s", (_, body, message) => expectError(body, ArgumentError, message));

test("kinds: a length that is a bigint", () =>
  expectError(
    (ops) => ops.layout([1, loose<number>(2n)]),
    ShapeError,
    /^layout: seqLens\[1\] must be a whole number in 0 … 2147483647, got 2$/,
  ));

test("kinds: a record that is not a function, for which no pass begins", async () => {
  const { driver, events } = nullDriver();
  const run = driver.run(loose(null));
  await expect(run).rejects.toThrow(ArgumentError);
  await expect(run).rejects.toThrow(/^run: record must be a function, got null$/);
  expect(events).toEqual([]);
});
