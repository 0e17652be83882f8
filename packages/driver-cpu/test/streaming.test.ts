import { ClosedError, DeviceError, type Driver } from "@ripvec/core";
import { type Ops, sizeOf, type Tensor, type TensorRole, weightView } from "@ripvec/core/driver";
import { afterEach, expect, test } from "vitest";
import { cpu } from "../src/index.js";
import { makeBlock, runBlock } from "./support/passes.js";

const open: Driver[] = [];
async function newDriver(): Promise<Driver> {
  const driver = await cpu({ threads: 2 });
  open.push(driver);
  return driver;
}
function cloneOf(driver: Driver): Driver {
  const clone = driver.clone();
  open.push(clone);
  return clone;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((driver) => driver.close()));
});

/** [1, length] */
const ones = (ops: Ops, length: number): Tensor<"f32"> =>
  ops.input(new Float32Array(length).fill(1), [1, length]);

/** sum += 1 */
const increment = (ops: Ops, sum: Tensor<"f32">): void =>
  ops.residual_add({ x: sum, residual: ones(ops, sum.size), out: sum });

test("a pass in parts has the bits of a pass in one piece", async () => {
  const driver = await newDriver();
  const block = makeBlock(driver);
  for (const tokens of [1, 20, 173]) {
    const options = { tokens, layers: 6, poison: true };
    const whole = await runBlock(driver, block, options);
    expect(await runBlock(driver, block, { ...options, flush: true })).toEqual(whole);
  }
});

test("passes in parts, of clones in turn, each have their own values", async () => {
  const driver = await newDriver();
  const queues = [driver, cloneOf(driver), cloneOf(driver)];
  const block = makeBlock(driver);
  const pass = (i: number, flush: boolean) =>
    runBlock(queues[i % 3] ?? driver, block, { tokens: 1 + (i % 3), flush });
  const expected = await Promise.all([0, 1, 2].map((i) => pass(i, false)));
  const results = await Promise.all(Array.from({ length: 60 }, (_, i) => pass(i, i % 2 === 0)));
  results.forEach((result, i) => {
    expect(result).toEqual(expected[i % 3]);
  });
});

test("a clone's pass can be recorded while another pass has begun", async () => {
  const driver = await newDriver();
  const clone = cloneOf(driver);
  const block = makeBlock(driver);
  let inner: Promise<Float32Array> | undefined;
  const outer = await driver.run((ops) => {
    const sum = ones(ops, 3);
    increment(ops, sum);
    ops.flush();
    inner = runBlock(clone, block, { flush: true });
    increment(ops, sum);
    return sum;
  });
  expect(outer).toEqual(Float32Array.of(3, 3, 3));
  expect(await inner).toEqual(await runBlock(driver, block));
});

test("a recording that throws while parts of it run does not change the driver", async () => {
  const driver = await newDriver();
  const clone = cloneOf(driver);
  const block = makeBlock(driver);
  const expected = await runBlock(driver, block);
  for (let i = 0; i < 20; i++) {
    const broken = driver.run((ops) => {
      increment(ops, ones(ops, 1000));
      ops.flush();
      throw new Error("on purpose");
    });
    const later = runBlock(clone, block);
    await expect(broken).rejects.toThrow("on purpose");
    expect(await later).toEqual(expected);
    expect(await runBlock(driver, block, { flush: true })).toEqual(expected);
  }
});

test("inputs added after a flush do not overwrite what ops wrote to earlier ones", async () => {
  const driver = await newDriver();
  const result = await driver.run((ops) => {
    const sum = ones(ops, 100);
    for (let i = 0; i < 5; i++) {
      increment(ops, sum);
      ops.flush();
    }
    return sum;
  });
  expect(result).toEqual(new Float32Array(100).fill(6));
});

test("an arena that grows between parts keeps what it holds", async () => {
  const driver = await newDriver();
  const result = await driver.run((ops) => {
    const sum = ops.allocZeroed("f32", [1, 1000]);
    for (let i = 0; i < 6; i++) {
      increment(ops, sum);
      ops.flush();
      ops.allocZeroed("f32", [1000 * 4 ** i]);
    }
    return sum;
  });
  expect(result).toEqual(new Float32Array(1000).fill(6));
});

type UseLate = (ops: Ops, late: Tensor, out: Tensor<"f32">) => void;
const lateWeights: [TensorRole, readonly number[], UseLate][] = [
  ["matrix", [6, 15], (ops, weight, out) => ops.linear({ x: ones(ops, 3), weight, out })],
  [
    "table",
    [1, 2],
    (ops, table, out) =>
      ops.embedding_lookup({ table, ids: ops.input(Int32Array.of(0), [1]), out }),
  ],
  [
    "vector",
    [2, 3],
    (ops, bias, out) => ops.add_bias({ x: ones(ops, 2), bias: bias as Tensor<"f32">, out }),
  ],
];

test.each(lateWeights)("a pass can use a %s made after a flush", async (role, values, use) => {
  const driver = await newDriver();
  const result = await driver.run((ops) => {
    increment(ops, ones(ops, 2));
    ops.flush();
    const shape = { matrix: [2, 3], table: [1, 2], vector: [2] }[role];
    const data = Float32Array.of(1, 2, 3, 4, 5, 6).subarray(0, sizeOf(shape));
    const out = ops.alloc("f32", [1, 2]);
    use(ops, driver.createTensor(weightView("late", shape, data), role), out);
    return out;
  });
  expect(result).toEqual(Float32Array.from(values));
});

test("a part that fails makes the pass fail, and the next one works", async () => {
  const driver = await newDriver();
  const block = makeBlock(driver);
  const elements = Math.floor(driver.capabilities.maxTensorBytes / 4);
  const huge = driver.run((ops) => {
    const sum = ones(ops, 1);
    for (let i = 0; i < 4000; i++) ops.alloc("f32", [elements]);
    for (let i = 0; i < 3; i++) {
      ops.flush();
      increment(ops, sum);
    }
    return sum;
  });
  await expect(huge).rejects.toThrow(DeviceError);
  expect(await runBlock(driver, block, { flush: true })).toHaveLength(960);
});

test("close in mid-recording refuses the pass", async () => {
  const driver = await newDriver();
  let closing: Promise<void> | undefined;
  const pass = driver.run((ops) => {
    const sum = ones(ops, 1000);
    increment(ops, sum);
    ops.flush();
    closing = driver.close();
    ops.flush();
    return sum;
  });
  await expect(pass).rejects.toThrow(ClosedError);
  await closing;
});
