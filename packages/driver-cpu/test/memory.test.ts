import { afterAll, beforeAll, expect, test } from "vitest";
import { type Children, children } from "./support/child.js";

let processes: Children;
beforeAll(async () => {
  processes = await children();
});
afterAll(() => processes.dispose());

/**
 * Resident memory after warm-up and garbage collection may vary by this much, because malloc and
 * the JavaScript heap vary.
 */
const slack = 8 << 20;

test("resident memory is flat over 2,000 batches, with clones too", async () => {
  const result = await processes.run(
    `
    const { cpu, makeBlock, runBlock } = await import(api);
    const driver = await cpu({ threads: 2 });
    const queues = [driver, driver.clone()];
    const block = makeBlock(driver);
    const batches = async (from, to) => {
      for (let i = from; i < to; i++) {
        await runBlock(queues[i % 2], block, { tokens: 1 + (i * 7) % 200, layers: 1 + i % 4 });
      }
      global.gc();
      return process.memoryUsage.rss();
    };
    await batches(0, 300);
    const start = await batches(300, 400);
    const end = await batches(400, 2400);
    console.log(end - start);
    `,
    { flags: ["--expose-gc"] },
  );
  expect(result).toMatchObject({ code: 0, signal: null });
  expect(Number(result.stdout)).toBeLessThan(slack);
});

test("close frees the memory of weights, of the arena and of the kernels' scratch immediately", async () => {
  const result = await processes.run(
    `
    const { cpu, weightView } = await import(api);
    const size = 2048;
    const values = new Float32Array(size * size).fill(1);
    const cycle = async () => {
      const driver = await cpu({ threads: 2 });
      for (let i = 0; i < 4; i++) driver.createTensor(weightView("w", [size, size], values), "matrix");
      await driver.run((ops) => {
        ops.allocZeroed("f32", [16 << 20]);
        const out = ops.alloc("f32", [1, 2048]);
        const b = ops.allocZeroed("f32", [2048, 2048]);
        ops.gemm({ a: ops.allocZeroed("f32", [1, 2048]), b, transposeB: false, out });
        return out;
      });
      const open = process.memoryUsage.rss();
      await driver.close();
      return { open, closed: process.memoryUsage.rss() };
    };
    await cycle();
    const before = process.memoryUsage.rss();
    const { open, closed } = await cycle();
    console.log(JSON.stringify({ used: open - before, kept: closed - before }));
    `,
    { flags: ["--expose-gc"] },
  );
  expect(result).toMatchObject({ code: 0, signal: null });
  const { used, kept } = JSON.parse(result.stdout) as { used: number; kept: number };
  expect(used).toBeGreaterThan(150 << 20);
  expect(kept).toBeLessThan(slack);
});
