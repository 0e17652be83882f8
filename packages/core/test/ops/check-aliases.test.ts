import { AliasError } from "@ripvec/core";
import { test } from "vitest";
import { nullDriver } from "../support/null-driver.js";
import { expectError, f32, type Refusal } from "../support/refusals.js";

const rows = 3;
const cols = 8;

const aliases: readonly Refusal[] = [
  [
    "an output over an input that is read again",
    (ops) => {
      const x = f32(ops, 8, 8);
      ops.gemm({ a: x, b: f32(ops, 8, 8), transposeB: true, out: x });
    },
    /^gemm: out must not overlap a$/,
  ],
  [
    "an output shifted over its input",
    (ops) => {
      const whole = f32(ops, 4, 8);
      const x = ops.slice(whole, 0, [rows, cols]);
      ops.gelu({ x, form: "erf", out: ops.slice(whole, 8, [rows, cols]) });
    },
    /^gelu: out must not overlap x$/,
  ],
  [
    "two outputs in one place",
    (ops) => {
      const out = f32(ops, 3, 4);
      ops.split_gate_value({ x: f32(ops, 3, 8), value: out, gate: out });
    },
    /^split_gate_value: value must not overlap gate$/,
  ],
  [
    "a view of a view",
    (ops) => {
      const whole = f32(ops, 6, 4);
      const x = ops.reshape(ops.slice(ops.slice(whole, 4, [20]), 4, [16]), [4, 4]);
      ops.tanh({ x, out: ops.slice(whole, 4, [4, 4]) });
    },
    /^tanh: out must not overlap x$/,
  ],
  [
    "sum in out's place",
    (ops) => {
      const [x, residual, out] = [f32(ops, 3, 8), f32(ops, 3, 8), f32(ops, 3, 8)];
      ops.fused_residual_layer_norm({ x, residual, weight: f32(ops, 8), eps: 1, sum: out, out });
    },
    /sum must not overlap out/,
  ],
];
test.each(aliases)("aliases: %s", (_, body, message) => expectError(body, AliasError, message));

test("an op may write in place where its spec says so, and next to an input", async () => {
  const { record } = nullDriver();
  await record((ops) => {
    const whole = f32(ops, 6, 8);
    const [x, y] = [ops.slice(whole, 0, [3, 8]), ops.slice(whole, 24, [3, 8])];
    ops.gelu({ x, form: "erf", out: ops.reshape(x, [3, 8]) });
    ops.gelu({ x, form: "erf", out: y });
    ops.residual_add({ x, residual: y, out: y });
    ops.fused_residual_layer_norm({ x, residual: y, weight: f32(ops, 8), eps: 1, sum: y, out: x });
    const empty = f32(ops, 0, 8);
    ops.gelu({ x: empty, form: "erf", out: empty });
  });
});
