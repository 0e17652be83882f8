import type { DType } from "@ripvec/core/driver";
import type { CaseTable, OpCase } from "./case.js";
import { exact } from "./tolerances.js";

const floats: readonly DType[] = ["f32", "f16", "bf16"];
const all: readonly DType[] = [...floats, "i8", "i32"];

/** Ties in both directions for f16 (11 bits) and bf16 (8 bits), and the limits of their ranges. */
const ties = [
  2049,
  2051,
  -2049,
  257,
  259,
  -259,
  1 + 2 ** -11,
  1 + 3 * 2 ** -11,
  1 + 2 ** -8,
  1 + 3 * 2 ** -8,
  2 ** -14,
  2 ** -15,
  2 ** -24,
  2 ** -25,
  3 * 2 ** -25,
  1.5 * 2 ** -25,
  -(2 ** -24),
  0.1,
  -0.3,
  1e-3,
];
const beyond = [65504, 65519, 65520, -70000, 1e30, -1e30, 3.4e38, Infinity, -Infinity, NaN];
const toInteger = [
  0.5,
  -0.5,
  0.999,
  -1.999,
  127.9,
  128,
  -128.9,
  -129,
  300,
  -300,
  2147483520,
  2147483648,
  1e20,
  -1e20,
  Infinity,
  -Infinity,
  NaN,
];

export const convert: CaseTable<"convert"> = {
  tolerance: {
    ...exact,
    reason: "conversions are rounded to nearest even, or truncated: one answer",
  },
  cases: [
    ...all.flatMap((from) => all.map((to) => small(from, to))),
    ...floats.map((to) => numbers("f32", to, "ties and subnormals", ties)),
    ...floats.map((to) => numbers("f32", to, "overflow, Inf and NaN", beyond)),
    ...(["i8", "i32"] as const).map((to) =>
      numbers("f32", to, "truncation, borders, NaN", toInteger),
    ),
    numbers("i32", "f32", "beyond 24 bits", [
      16777217,
      16777219,
      -16777217,
      2 ** 31 - 1,
      -(2 ** 31),
    ]),
  ],
};

/** Integers that every dtype holds exactly. */
function small(from: DType, to: DType): OpCase<"convert"> {
  return {
    name: `${from} to ${to}`,
    args: (random) => {
      const values = random.integers(131, 200).map((value) => value - 100);
      const x = { shape: [131], values, dtype: from };
      return { x, out: { shape: [131, 1], dtype: to } };
    },
  };
}

function numbers(from: "f32" | "i32", to: DType, name: string, list: number[]): OpCase<"convert"> {
  const values = from === "f32" ? Float32Array.from(list) : Int32Array.from(list);
  return {
    name: `${from} to ${to}: ${name}`,
    args: () => ({
      x: { shape: [list.length], values, dtype: from },
      out: { shape: [list.length], dtype: to },
    }),
  };
}
