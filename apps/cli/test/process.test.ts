import { beforeAll, describe, expect, test } from "vitest";
import { bundledCli } from "./support/child.js";
import { tempFolder } from "./support/temp-folder.js";

let start: Awaited<ReturnType<typeof bundledCli>>;
beforeAll(async () => {
  start = await bundledCli("process-test");
});

const manyLines = `${"the quick brown fox jumps over the lazy dog ".repeat(30)}\n`.repeat(30_000);
/** Work for more than a minute, in a file. */
const slowFolder = () => tempFolder({ "texts.txt": manyLines });

test("lines on standard input give rows, and the exit code is 0", async () => {
  const cli = start({ argv: ["embed"] });
  cli.child.stdin?.end("hello\nworld\n");
  expect(await cli.ended()).toBe(0);
  const rows = cli.out.trim().split("\n");
  expect(rows.map((row) => (JSON.parse(row) as { text: string }).text)).toEqual(["hello", "world"]);
});

test("wrong usage is 2, failure is 1", async () => {
  expect(await start({ argv: ["embed", "--nonsense"] }).ended()).toBe(2);
  expect(await start({ argv: ["search", "x", "/nowhere/at/all"] }).ended()).toBe(1);
});

/** Windows ends a process at once when another one interrupts it. */
const canInterrupt = process.platform !== "win32";

describe.runIf(canInterrupt)("Ctrl-C ends the process within a second, with 130", () => {
  test("in the middle of its work", async () => {
    const cli = start({ argv: ["embed", "--file", "texts.txt"], cwd: slowFolder() });
    await cli.says(/"index":3/);
    await endsOnInterrupt(cli);
  });

  test("while it waits for input", async () => {
    const cli = start({ argv: ["embed"] });
    cli.child.stdin?.write("hello\n");
    await cli.says(/hello/);
    await endsOnInterrupt(cli);
  });

  test("while its output is not read", async () => {
    const cli = start({ argv: ["embed", "--file", "texts.txt"], cwd: slowFolder() });
    await cli.says(/"index":3/);
    cli.child.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    cli.child.kill("SIGINT");
    const sentAt = performance.now();
    await new Promise((resolve) => cli.child.once("exit", resolve));
    expect(performance.now() - sentAt).toBeLessThan(1000);
  });

  async function endsOnInterrupt(cli: ReturnType<typeof start>): Promise<void> {
    const sentAt = performance.now();
    cli.child.kill("SIGINT");
    expect(await cli.ended()).toBe(130);
    expect(performance.now() - sentAt).toBeLessThan(1000);
    expect(cli.err).toMatch(/interrupted\n$/);
  }
});

test.runIf(canInterrupt)("a second Ctrl-C ends it at once", async () => {
  const cli = start({ argv: ["embed", "--file", "texts.txt"], cwd: slowFolder() });
  await cli.says(/"index":3/);
  cli.child.kill("SIGINT");
  setTimeout(() => cli.child.kill("SIGINT"), 150);
  expect([130, "SIGINT"]).toContain(await cli.ended());
});

test("a reader that closes the pipe, as head does, ends it without a message", async () => {
  const cli = start({ argv: ["embed", "--file", "texts.txt"], cwd: slowFolder() });
  await cli.says(/"index":0/);
  cli.child.stdout?.destroy();
  expect(await cli.ended()).toBe(0);
  expect(cli.err).toBe("");
});
