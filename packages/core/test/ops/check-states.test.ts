import { ArgumentError, TensorStateError } from "@ripvec/core";
import type { Ops, Tensor } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { nullDriver } from "../support/null-driver.js";
import { expectError, f32, ids, loose, type Refusal } from "../support/refusals.js";

const states: readonly Refusal[] = [
  [
    "a weight as output",
    (ops, { weight }) => {
      const bias = weight([8], "vector");
      ops.copy({ x: f32(ops, 8), out: bias });
    },
    /^copy: out is a weight and must not be written$/,
  ],
  [
    "a matrix as activation",
    (ops, { weight }) =>
      ops.gelu({ x: weight([3, 8], "matrix"), form: "erf", out: f32(ops, 3, 8) }),
    /^gelu: x is a weight with role matrix and cannot be used here$/,
  ],
  [
    "a matrix as table",
    (ops, { weight }) =>
      ops.embedding_lookup({
        table: weight([9, 8], "matrix"),
        ids: ids(ops, 1),
        out: f32(ops, 1, 8),
      }),
    /table is a weight with role matrix/,
  ],
  [
    "a table as matrix",
    (ops, { weight }) =>
      ops.linear({ x: f32(ops, 3, 8), weight: weight([5, 8], "table"), out: f32(ops, 3, 5) }),
    /weight is a weight with role table/,
  ],
  [
    "a vector as matrix",
    (ops, { weight }) =>
      ops.linear({ x: f32(ops, 3, 8), weight: weight([5, 8], "vector"), out: f32(ops, 3, 5) }),
    /^linear: weight is a weight with role vector and cannot be used here$/,
  ],
  [
    "a vector as table",
    (ops, { weight }) =>
      ops.embedding_lookup({
        table: weight([9, 8], "vector"),
        ids: ids(ops, 1),
        out: f32(ops, 1, 8),
      }),
    /table is a weight with role vector/,
  ],
  [
    "ids that the device made",
    (ops) => {
      const made = ops.allocZeroed("i32", [2]);
      ops.embedding_lookup({ table: f32(ops, 10, 8), ids: made, out: f32(ops, 2, 8) });
    },
    /^embedding_lookup: ids must come from ops\.input/,
  ],
  [
    "ids written over after their range was read",
    (ops) => ops.copy({ x: ops.allocZeroed("i32", [2]), out: ids(ops, 1, 2) }),
    /^copy: out is an input of known range and must not be written$/,
  ],
  [
    "cuSeqlens written over",
    (ops) => ops.copy({ x: ops.allocZeroed("i32", [2]), out: ops.layout([4]).cuSeqlens }),
    /out is an input of known range/,
  ],
  [
    "a tensor of a scope that ended",
    (ops) => {
      const x = ops.scope(() => f32(ops, 3, 8));
      ops.gelu({ x, form: "erf", out: f32(ops, 3, 8) });
    },
    /^gelu: x is used after its scope ended$/,
  ],
  [
    "a view whose memory's scope ended",
    (ops) => {
      const view = ops.scope(() => ops.reshape(f32(ops, 24), [3, 8]));
      ops.gelu({ x: view, form: "erf", out: view });
    },
    /^gelu: x is used after its scope ended$/,
  ],
  [
    "a slice of what is gone",
    (ops) =>
      ops.slice(
        ops.scope(() => f32(ops, 8)),
        0,
        [2],
      ),
    /^slice: tensor is used after its scope ended$/,
  ],
];
test.each(states)("states: %s", (_, body, message) => expectError(body, TensorStateError, message));

test("tensors of another pass or driver are refused", async () => {
  const made = nullDriver();
  let old: Tensor<"f32"> | undefined;
  await made.record((ops) => {
    old = f32(ops, 3, 8);
  });
  const use = (x: Tensor | undefined) =>
    made.record((ops) => ops.gelu({ x: loose<Tensor>(x), form: "erf", out: f32(ops, 3, 8) }));
  await expect(use(old)).rejects.toThrow(/^gelu: x belongs to a pass that has ended$/);
  await expect(use(old)).rejects.toBeInstanceOf(TensorStateError);
  const stranger = nullDriver().weight([3, 8], "vector");
  await expect(use(stranger)).rejects.toThrow(/belongs to another driver or pass/);
  const ours = made.weight([8], "vector");
  made.driver.releaseTensor(ours);
  await expect(
    made.record((ops) => ops.add_bias({ x: f32(ops, 3, 8), bias: ours, out: f32(ops, 3, 8) })),
  ).rejects.toBeInstanceOf(TensorStateError);
});

test("a value that is not a tensor, or not a layout of this pass, is an ArgumentError", async () => {
  const made = nullDriver();
  const gelu = (x: unknown) =>
    made.record((ops) => ops.gelu({ x: loose<Tensor>(x), form: "erf", out: f32(ops, 3, 8) }));
  await expect(gelu(undefined)).rejects.toThrow(ArgumentError);
  await expect(gelu(null)).rejects.toThrow(ArgumentError);
  await expect(gelu({ dtype: "f32", shape: [3, 8] })).rejects.toThrow(ArgumentError);
  const pool = (change: (ops: Ops) => unknown) =>
    made.record((ops) => {
      const layout = loose<ReturnType<Ops["layout"]>>(change(ops));
      ops.mean_pool({ x: f32(ops, 4, 8), layout, out: f32(ops, 1, 8) });
    });
  await pool((ops) => ops.layout([4]));
  await expect(pool(() => undefined)).rejects.toThrow(ArgumentError);
  await expect(pool((ops) => ({ ...ops.layout([2]), totalTokens: 4 }))).rejects.toThrow(
    /^mean_pool: layout must come from ops\.layout of this pass/,
  );
  let old: unknown;
  await pool((ops) => {
    old = ops.layout([4]);
    return old;
  });
  await expect(pool(() => old)).rejects.toBeInstanceOf(TensorStateError);
});

test("a weight as b of gemm must be transposed", async () => {
  const made = nullDriver();
  const b = made.weight([8, 8], "matrix");
  const gemm = (transposeB: boolean) =>
    made.record((ops) => ops.gemm({ a: f32(ops, 3, 8), b, transposeB, out: f32(ops, 3, 8) }));
  await gemm(true);
  await expect(gemm(false)).rejects.toThrow(/transposeB must be true for the weight b/);
});
