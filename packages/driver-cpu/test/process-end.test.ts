import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChildResult, type Children, children } from "./support/child.js";

let processes: Children;
beforeAll(async () => {
  processes = await children();
});
afterAll(() => processes.dispose());

const ended = (result: ChildResult, code: number, stdout: string): void => {
  expect(result).toEqual({ code, signal: null, stdout, stderr: expect.any(String) });
};

test("an open driver that never ran a pass lets the process end", async () => {
  const result = await processes.run(`
    const { cpu } = await import(api);
    globalThis.kept = await cpu({ threads: 2 });
  `);
  ended(result, 0, "");
});

test("an open driver that does nothing lets the process end", async () => {
  const result = await processes.run(`
    const { cpu, makeBlock, runBlock } = await import(api);
    const driver = await cpu({ threads: 2 });
    globalThis.kept = [driver, driver.clone()];
    const values = await runBlock(driver, makeBlock(driver));
    console.log(values.length);
  `);
  ended(result, 0, "960\n");
});

test("a running pass keeps the process alive until it is done", async () => {
  const result = await processes.run(`
    const { cpu, runLong } = await import(api);
    const driver = await cpu({ threads: 2 });
    runLong(driver, 20).then((values) => console.log(values.length));
  `);
  ended(result, 0, "8\n");
});

test("process.exit in mid-batch ends the process immediately, with its code", async () => {
  const result = await processes.run(`
    const { cpu, runLong } = await import(api);
    const driver = await cpu({ threads: 2 });
    const passes = [runLong(driver, 5000), runLong(driver.clone(), 5000)];
    setTimeout(() => { console.log("leaving"); process.exit(7); }, 50);
    await Promise.all(passes);
    console.log("too late");
  `);
  ended(result, 7, "leaving\n");
});

test("an uncaught error in mid-batch ends the process with code 1", async () => {
  const result = await processes.run(`
    const { cpu, runLong } = await import(api);
    runLong(await cpu({ threads: 2 }), 5000);
    setTimeout(() => { throw new Error("on purpose"); }, 50);
  `);
  ended(result, 1, "");
  expect(result.stderr).toContain("on purpose");
});

const worker = (body: string): string => `
  const { Worker } = await import("node:worker_threads");
  const { once } = await import("node:events");
  const { cpu, makeBlock, runBlock } = await import(api);
  const start = (code) => new Worker(
    "import(" + JSON.stringify(api) + ").then(async ({ cpu, makeBlock, runBlock, runLong }) => {" +
    "const { parentPort } = require('node:worker_threads');" + code + "})", { eval: true });
  const stillWorks = async () => {
    const driver = await cpu({ threads: 2 });
    const values = await runBlock(driver, makeBlock(driver));
    await driver.close();
    return values.every(Number.isFinite);
  };
  ${body}
`;

test("workers run passes concurrently with the main thread and end by themselves", async () => {
  const result = await processes.run(
    worker(`
      const code = "const driver = await cpu({ threads: 2 }); const values = await runBlock(driver, makeBlock(driver)); parentPort.postMessage(values);";
      const workers = [start(code), start(code), start(code)];
      const exits = workers.map((each) => once(each, "exit"));
      const messages = await Promise.all(workers.map((each) => once(each, "message")));
      await Promise.all(exits);
      const same = messages.every(([values]) => values.join() === messages[0][0].join());
      console.log(messages.length, same, await stillWorks());
    `),
  );
  ended(result, 0, "3 true true\n");
});

test("worker.terminate in mid-batch stops the threads of the worker and no others", async () => {
  const result = await processes.run(
    worker(`
      const { readdirSync } = await import("node:fs");
      const threads = () => process.platform === "linux" ? readdirSync("/proc/self/task").length : 0;
      const cycle = async () => {
        const each = start("const driver = await cpu({ threads: 3 }); runLong(driver, 5000); parentPort.postMessage('started');");
        await once(each, "message");
        await each.terminate();
      };
      await cycle();
      const before = threads();
      for (let i = 0; i < 8; i++) await cycle();
      console.log(threads() - before, await stillWorks());
    `),
  );
  ended(result, 0, "0 true\n");
});

test("worker.terminate works at every point of passes that follow each other closely", async () => {
  const result = await processes.run(
    worker(`
      const code = "const driver = await cpu({ threads: 1 }); const block = makeBlock(driver);" +
        "parentPort.postMessage('started'); for (;;) await Promise.all([1, 2, 3].map((tokens) => runBlock(driver, block, { tokens })));";
      for (let i = 0; i < 24; i++) {
        const pair = [start(code), start(code)];
        await Promise.all(pair.map((each) => once(each, "message")));
        await Promise.all(pair.map((each) => each.terminate()));
      }
      console.log(await stillWorks());
    `),
  );
  ended(result, 0, "true\n");
});

test("process.exit in a worker, and in the main thread while workers compute", async () => {
  const result = await processes.run(
    worker(`
      const code = "runLong(await cpu({ threads: 2 }), 5000); parentPort.postMessage('started');";
      const leaving = start(code + "setTimeout(() => process.exit(3), 20);");
      console.log((await once(leaving, "exit"))[0]);
      const others = [start(code), start(code)];
      await Promise.all(others.map((each) => once(each, "message")));
      console.log(await stillWorks());
      process.exit(4);
    `),
  );
  ended(result, 4, "3\ntrue\n");
});

test("a driver that was not closed is freed by the garbage collector, with its threads and memory", async () => {
  const result = await processes.run(
    `
    const { cpu, weightView } = await import(api);
    const { readdirSync, readFileSync } = await import("node:fs");
    const { setTimeout: wait } = await import("node:timers/promises");
    const linux = process.platform === "linux";
    const threads = () => linux ? readdirSync("/proc/self/task").length : 0;
    const megabyte = 1 << 20;
    const weight = weightView("w", [1024, 1024], new Float32Array(megabyte).fill(0.5));
    const make = async () => {
      const driver = await cpu({ threads: 3 });
      const matrix = driver.createTensor(weight, "matrix");
      await driver.run((ops) => {
        const out = ops.alloc("f32", [1, 1024]);
        ops.linear({ x: ops.input(new Float32Array(1024), [1, 1024]), weight: matrix, out });
        return out;
      });
    };
    const settle = async () => { for (let i = 0; i < 5; i++) { global.gc(); await wait(20); } };
    await make();
    await settle();
    const before = { threads: threads(), rss: process.memoryUsage.rss() };
    for (let i = 0; i < 40; i++) await make();
    await settle();
    const grown = (process.memoryUsage.rss() - before.rss) / megabyte;
    console.log(threads() - before.threads, grown < 40 ? "flat" : grown);
    `,
    { flags: ["--expose-gc"] },
  );
  ended(result, 0, "0 flat\n");
});

test("worker.terminate and process.exit in mid-recording, while parts of the pass run", async () => {
  const result = await processes.run(
    worker(`
      const code = "const driver = await cpu({ threads: 2 }); const block = makeBlock(driver);" +
        "const record = (end) => driver.run((ops) => { const x = ops.allocZeroed('f32', [1, 100]); ops.flush(); end(); ops.flush(); return x; });";
      for (let i = 0; i < 8; i++) {
        const endless = start(code + "record(() => { parentPort.postMessage('started'); for (;;); });");
        await once(endless, "message");
        await endless.terminate();
      }
      const leaving = start(code + "record(() => process.exit(3));");
      console.log((await once(leaving, "exit"))[0], await stillWorks());
      const driver = await cpu({ threads: 2 });
      driver.run((ops) => { ops.flush(); process.exit(5); });
    `),
  );
  ended(result, 5, "3 true\n");
});
