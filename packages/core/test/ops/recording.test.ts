import {
  ArgumentError,
  isRipvecError,
  ShapeError,
  TensorStateError,
  UnsupportedError,
  type WeightDType,
} from "@ripvec/core";
import { type Ops, opSpecs, type Tensor, weightView } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { nullDriver } from "../support/null-driver.js";
import { toyDriver } from "../support/toy-driver.js";

test("record runs once and synchronously, and the values of its tensor are returned", async () => {
  const { driver, events } = nullDriver();
  let calls = 0;
  const running = driver.run((ops) => {
    calls++;
    return ops.alloc("f16", [2, 3]);
  });
  expect(calls).toBe(1);
  expect(events).toEqual(["alloc 12 #0", "submit #0"]);
  expect(await running).toEqual(new Uint16Array(6));
});

test("values of inputs reach the result, also through views", async () => {
  const { driver } = toyDriver();
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const out = await driver.run((ops) => {
    const x = ops.input(values, [2, 3]);
    values.fill(0);
    const bias = ops.input(Float32Array.of(10, 20, 30), [3]);
    const sum = ops.alloc("f32", [2, 3]);
    ops.add_bias({ x, bias, out: sum });
    return ops.slice(sum, 2, [2]);
  });
  expect(out).toEqual(Float32Array.of(33, 14));
});

test("every function of ops works without its object", async () => {
  const { driver } = toyDriver();
  const pooled = await driver.run((ops) => {
    const { input, alloc, allocZeroed, scope, slice, reshape, layout, flush } = ops;
    const { mean_pool: pool, add_bias } = ops;
    expect(ops.mean_pool).toBe(pool);
    const x = reshape(slice(input(Float32Array.of(9, 1, 2, 3, 4), [5]), 1, [4]), [2, 2]);
    const out = alloc("f32", [1, 2]);
    scope(() => pool({ x, layout: layout([2]), out }));
    flush();
    const sum = allocZeroed("f32", [1, 2]);
    add_bias({ x: out, bias: input(Float32Array.of(10, 20), [2]), out: sum });
    return sum;
  });
  expect(pooled).toEqual(Float32Array.of(12, 23));
});

test("no method of ops needs its object", async () => {
  const { record } = nullDriver();
  await record((ops) => {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(ops)).filter(
      (name) => !(name in opSpecs) && !["constructor", "finish", "end"].includes(name),
    );
    expect(methods.length).toBeGreaterThan(7);
    for (const name of methods) {
      const method: (argument: unknown) => unknown = Reflect.get(ops, name);
      let thrown: unknown;
      try {
        method(() => {});
      } catch (error) {
        thrown = error;
      }
      expect(thrown === undefined || isRipvecError(thrown), `${name}: ${thrown}`).toBe(true);
    }
    ops.alloc("f32", [1]);
  });
});

test("a scope frees its memory, the last allocation first, and with it its views", async () => {
  const { record, events } = nullDriver();
  await record((ops) => {
    ops.scope(() => {
      ops.alloc("f32", [1]);
      ops.slice(ops.alloc("f32", [2]), 0, [1]);
      ops.scope(() => ops.alloc("f32", [3]));
      ops.input(new Float32Array(1), [1]);
    });
  });
  expect(events).toEqual([
    "alloc 4 #0",
    "alloc 8 #1",
    "alloc 12 #2",
    "release #2",
    "input 4 #3",
    "release #1",
    "release #0",
    "alloc 4 #4",
    "submit #4",
  ]);
});

test("a scope returns what its body returns, and frees its memory if the body throws", async () => {
  const { record, events } = nullDriver();
  await record((ops) => {
    expect(ops.scope(() => 7)).toBe(7);
    expect(() =>
      ops.scope(() => {
        ops.alloc("f32", [1]);
        throw new Error("inside");
      }),
    ).toThrow("inside");
  });
  expect(events).toEqual(["alloc 4 #0", "release #0", "alloc 4 #1", "submit #1"]);
});

test("a composed default runs in a scope of its own", async () => {
  const { record, events } = nullDriver({ without: ["linear", "fused_split_geglu"] });
  await record((ops) => {
    const x = ops.alloc("f32", [2, 4]);
    ops.linear({ x, weight: ops.alloc("f32", [4, 4]), out: ops.alloc("f32", [2, 4]) });
    ops.fused_split_geglu({ x, form: "erf", out: ops.alloc("f32", [2, 2]) });
  });
  expect(events.slice(3)).toEqual([
    "gemm",
    "alloc 16 #3",
    "alloc 16 #4",
    "alloc 16 #5",
    "split_gate_value",
    "geglu",
    "release #5",
    "release #4",
    "alloc 4 #6",
    "submit #6",
  ]);
});

test("composed attention with a bias shares its row ids between heads and sequences of one length", async () => {
  const heads = 3;
  const { record, events, weight } = nullDriver({
    without: ["attention"],
    capabilities: { maxTensorBytes: 2 ** 20 },
  });
  const positionBias = weight([heads, 5], "vector");
  await record((ops) => {
    const layout = ops.layout([6, 4, 0, 6, 6]);
    const { totalTokens } = layout;
    const qkv = ops.alloc("f32", [totalTokens, 3 * heads * 2]);
    const out = ops.alloc("f32", [totalTokens, heads * 2]);
    ops.attention({ qkv, layout, heads, headDim: 2, scale: 1, positionBias, out });
  });
  const count = (start: string) => events.filter((event) => event.startsWith(start)).length;
  const ids = `input ${4 * 6 * 6} `;
  // The other inputs are the lengths and the hidden rows of the tables.
  expect([count("input "), count(ids)]).toEqual([4, 2]);
  expect([count("embedding_lookup"), count("scale_mask_softmax")]).toEqual([2 * heads, 4]);
});

test("the error for a missing required kernel names the op", async () => {
  const { record } = nullDriver({ without: ["gelu"] });
  const recorded = record((ops) => {
    const x = ops.alloc("f32", [1, 1]);
    ops.gelu({ x, form: "erf", out: x });
  });
  await expect(recorded).rejects.toBeInstanceOf(UnsupportedError);
  await expect(recorded).rejects.toThrow(/required kernel.*"gelu"/);
});

test("products, also composed ones, take a matrix of any weight dtype", async () => {
  const weightDtypes = new Set<WeightDType>(["f32", "f16", "bf16", "i8"]);
  for (const dtype of weightDtypes) {
    const { driver, record, events } = nullDriver({
      without: ["linear"],
      capabilities: { weightDtypes },
    });
    const view = weightView("w", [4, 4], new Float32Array(16));
    const weight = driver.createTensor(view, "matrix", { dtype });
    expect(weight.dtype).toBe(dtype);
    await record((ops) => {
      const x = ops.alloc("f16", [2, 4]);
      ops.gemm({ a: x, b: weight, transposeB: true, out: ops.alloc("f16", [2, 4]) });
      ops.linear({ x, weight, activation: "erf", out: ops.alloc("f16", [2, 4]) });
    });
    expect(events.filter((event) => /^[a-z_]+$/.test(event))).toEqual(["gemm", "gemm", "gelu"]);
  }
});

test("poison fills alloc, and allocZeroed stays zero", async () => {
  const { driver } = toyDriver();
  const run = (poison: boolean, make: "alloc" | "allocZeroed") =>
    driver.run((ops) => ops[make]("f32", [3]), { poison });
  expect(await run(true, "alloc")).toEqual(new Float32Array(3).fill(Number.NaN));
  expect(await run(true, "allocZeroed")).toEqual(new Float32Array(3));
  const integers = await driver.run((ops) => ops.alloc("i32", [2]), { poison: true });
  expect(integers).toEqual(Int32Array.of(-1, -1));
});

test("an error in record abandons the pass and leaves the driver usable", async () => {
  const { driver, log } = toyDriver();
  const error = new Error("mine");
  const failing = driver.run((ops) => {
    ops.alloc("f32", [4]);
    throw error;
  });
  await expect(failing).rejects.toBe(error);
  expect(log.abandoned).toBe(1);
  expect(log.passes).toEqual([]);
  expect(await driver.run((ops) => ops.allocZeroed("f32", [1]))).toEqual(Float32Array.of(0));
});

test("record must return a tensor of its pass", async () => {
  const { driver, weight } = nullDriver();
  const run = (value: unknown) => driver.run(() => value as Tensor);
  await expect(run(undefined)).rejects.toThrow(ArgumentError);
  await expect(run(weight([2], "vector"))).rejects.toThrow(
    /run: tensor belongs to another pass or is a weight/,
  );
  const dead = driver.run((ops) => ops.scope(() => ops.alloc("f32", [1])));
  await expect(dead).rejects.toThrow(/run: tensor is used after its scope ended/);
});

test("an async record is refused, and its later calls have no effect", async () => {
  const { driver } = nullDriver();
  const errors: unknown[] = [];
  const record = async (ops: Ops) => {
    await Promise.resolve();
    try {
      ops.alloc("f32", [1]);
    } catch (error) {
      errors.push(error);
      throw error;
    }
  };
  await expect(driver.run(record as never)).rejects.toThrow(/must not be async/);
  expect(errors).toEqual([expect.any(TensorStateError)]);
});

test("nothing can be recorded after the pass", async () => {
  const { driver, events } = nullDriver();
  let kept: Ops | undefined;
  let tensor: Tensor<"f32"> | undefined;
  await driver.run((ops) => {
    kept = ops;
    tensor = ops.alloc("f32", [1, 1]);
    return tensor;
  });
  const count = events.length;
  const uses: (() => unknown)[] = [
    () => kept?.alloc("f32", [1]),
    () => kept?.allocZeroed("f32", [1]),
    () => kept?.input(new Float32Array(1), [1]),
    () => kept?.layout([1]),
    () => kept?.scope(() => 1),
    () => kept?.flush(),
    () => tensor && kept?.reshape(tensor, [1]),
    () => tensor && kept?.slice(tensor, 0, [1]),
    () => tensor && kept?.tanh({ x: tensor, out: tensor }),
  ];
  for (const use of uses) expect(use).toThrow(/is used after its pass was recorded/);
  expect(events).toHaveLength(count);
});

test("shapes of memory are checked", async () => {
  const { record } = nullDriver();
  await record((ops) => {
    const tensor = ops.alloc("f32", [2, 3]);
    const wrong: (() => unknown)[] = [
      () => ops.alloc("f32", [-1]),
      () => ops.alloc("f32", [1.5]),
      () => ops.alloc("f32", [Number.NaN]),
      () => ops.alloc("f32", [257]),
      () => ops.alloc("f32", [2 ** 40, 2 ** 40]),
      () => ops.input(new Float32Array(257), [257]),
      () => ops.input(new Float32Array(5), [2, 3]),
      () => ops.slice(tensor, 5, [2]),
      () => ops.slice(tensor, -1, [1]),
      () => ops.slice(tensor, 0.5, [1]),
      () => ops.reshape(tensor, [7]),
      () => ops.layout([3, -1]),
      () => ops.layout([1.5]),
      () => ops.layout([2 ** 32]),
      () => ops.layout([2 ** 31 - 1, 2 ** 31 - 1, 5]),
    ];
    for (const use of wrong) expect(use, String(use)).toThrow(ShapeError);
    expect(() => ops.input(new Float64Array(1) as never, [1])).toThrow(ArgumentError);
    expect(ops.slice(tensor, 6, [0]).size).toBe(0);
    expect(ops.alloc("f32", [0, 5]).size).toBe(0);
  });
});

test("a layout has the lengths and starts of its sequences", async () => {
  const { driver } = toyDriver();
  const cuSeqlens = await driver.run((ops) => {
    const layout = ops.layout([3, 0, 2]);
    expect(layout).toMatchObject({
      batch: 3,
      totalTokens: 5,
      maxSeqLen: 3,
      seqLens: Int32Array.of(3, 0, 2),
      hostCuSeqlens: Int32Array.of(0, 3, 3, 5),
    });
    expect(ops.layout([])).toMatchObject({ batch: 0, totalTokens: 0, maxSeqLen: 0 });
    const out = ops.alloc("i32", [4]);
    ops.copy({ x: layout.cuSeqlens, out });
    return out;
  });
  expect(cuSeqlens).toEqual(Int32Array.of(0, 3, 3, 5));
});
