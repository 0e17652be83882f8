import type { Ops, Tensor } from "@ripvec/core/driver";
import { Random } from "../numbers/random.js";
import { expectThat } from "../run/conformance-error.js";
import { expectValues, floats } from "./contract-helpers.js";
import type { SuiteTest } from "./suite.js";

const odd = [1, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, 3.4e38];

/** Tests of the memory of a pass: inputs, views, scopes, zeroed memory. */
export const memorySuite: readonly SuiteTest[] = [
  {
    name: "memory: input comes back as it went in",
    async run(driver) {
      for (const values of [odd, odd.toReversed(), odd.toReversed()]) {
        const got = await driver.run((ops) => floats(ops, values));
        expectValues(got, Float32Array.from(values), "f32");
      }
      const whole = Int32Array.of(0, -1, 2 ** 31 - 1, -(2 ** 31), 7);
      expectValues(await driver.run((ops) => ops.input(whole, [5])), whole, "i32");
      const none = await driver.run((ops) => ops.input(new Float32Array(0), [0, 3]));
      expectValues(none, [], "an empty tensor");
    },
  },
  {
    name: "memory: input is copied before the call returns",
    async run(driver) {
      const values = Float32Array.of(1, 2, 3);
      const ids = Int32Array.of(2, 0, 1);
      const got = driver.run((ops) => {
        const table = ops.reshape(ops.input(values, [3]), [3, 1]);
        const rows = ops.input(ids, [3]);
        values.fill(-1);
        ids.fill(0);
        const out = ops.alloc("f32", [3, 1]);
        ops.embedding_lookup({ table, ids: rows, out });
        return out;
      });
      values.fill(-2);
      ids.fill(1);
      expectValues(await got, [3, 1, 2], "input changed after it was brought in");
    },
  },
  {
    name: "memory: results belong to the caller",
    async run(driver) {
      const record = (ops: Ops) => doubled(ops, floats(ops, [1, 2, 3]));
      const first = await driver.run(record);
      first.fill(9);
      expectValues(await driver.run(record), [2, 4, 6], "second result");
      expectValues(first, [9, 9, 9], "first result");
    },
  },
  {
    name: "memory: alloc is poisoned when asked",
    async run(driver) {
      const got = await driver.run((ops) => ops.alloc("f32", [67]), { poison: true });
      expectThat(
        got.every((value) => Number.isNaN(value)),
        "poisoned memory holds numbers",
      );
    },
  },
  {
    name: "memory: allocZeroed is zero in memory that was used before",
    async run(driver) {
      for (const size of [1, 7, 64, 1000, 4097]) {
        const dirty = new Float32Array(size).fill(7);
        for (let round = 0; round < 3; round++) {
          const got = await driver.run((ops) => {
            ops.scope(() => {
              const used = ops.alloc("f32", [size]);
              ops.copy({ x: ops.input(dirty, [size]), out: used });
              doubled(ops, used);
            });
            return ops.allocZeroed("f32", [size]);
          });
          expectValues(got, new Float32Array(size), `${size} zeros, round ${round}`);
        }
      }
    },
  },
  {
    name: "memory: views read and write their tensor",
    async run(driver) {
      const got = await driver.run(
        (ops) => {
          const whole = ops.alloc("f32", [3, 5]);
          const x = floats(ops, [1, 2, 3, 4, 5, 6, 7]);
          ops.copy({ x: ops.slice(x, 1, [3]), out: ops.slice(whole, 0, [3]) });
          const rest = ops.slice(ops.reshape(whole, [15]), 3, [12]);
          ops.copy({ x, out: ops.slice(rest, 1, [7]) });
          doubled(ops, ops.slice(whole, 4, [2]), ops.slice(rest, 8, [2]));
          ops.copy({ x: ops.slice(whole, 0, [2]), out: ops.slice(rest, 10, [1, 2]) });
          ops.copy({ x: ops.slice(x, 6, [1]), out: ops.slice(whole, 3, [1]) });
          return whole;
        },
        { poison: true },
      );
      expectValues(got, [2, 3, 4, 7, 1, 2, 3, 4, 5, 6, 7, 2, 4, 2, 3], "views");
    },
  },
  {
    name: "memory: a view may be the result",
    async run(driver) {
      const got = await driver.run((ops) => {
        const x = doubled(ops, floats(ops, [1, 2, 3, 4, 5]));
        return ops.slice(x, 1, [3]);
      });
      expectValues(got, [4, 6, 8], "view as result");
    },
  },
  {
    name: "memory: scopes recycle without touching what lives on",
    async run(driver) {
      const random = new Random("scopes");
      const sizes = Array.from({ length: 40 }, () => 1 + random.integer(300));
      const got = await driver.run((ops) => nestedSums(ops, sizes), { poison: true });
      const want = sizes.map((size, i) => (size * (size + 1)) / 2 + i);
      expectValues(got, want, "sums from nested scopes");
    },
  },
];

/** out = 2x */
function doubled(ops: Ops, x: Tensor<"f32">, into?: Tensor<"f32">): Tensor<"f32"> {
  const row = ops.reshape(x, [1, x.size]);
  const out = into ? ops.reshape(into, [1, x.size]) : ops.alloc("f32", [1, x.size]);
  ops.residual_add({ x: row, residual: row, out });
  return out;
}

/** The sum 1 + … + size + i for each size, with short-lived tensors of all sizes allocated in between. */
function nestedSums(ops: Ops, sizes: readonly number[]): Tensor<"f32"> {
  const sums = ops.alloc("f32", [sizes.length, 1]);
  sizes.forEach((size, i) => {
    ops.scope(() => {
      const column = ops.alloc("f32", [size, 1]);
      const counted = Float32Array.from({ length: size }, (_, n) => n + 1);
      ops.copy({ x: ops.input(counted, [size]), out: column });
      ops.scope(() => {
        const noise = ops.allocZeroed("f32", [sizes[(i + 1) % sizes.length] ?? 1]);
        doubled(ops, noise);
      });
      const ones = ops.input(new Float32Array(size).fill(1), [1, size]);
      const sum = ops.slice(sums, i, [1, 1]);
      ops.gemm({ a: ones, b: column, transposeB: false, out: sum });
      ops.add_bias({ x: sum, bias: floats(ops, [i]), out: sum });
    });
  });
  return sums;
}
