#!/usr/bin/env node
import { main } from "./cli.js";
import { endProcess, stopSignal } from "./interrupt.js";
import type { OutputStream } from "./io.js";

const flushed = (stream: OutputStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write("", () => resolve());
  });

process.stderr.on("error", () => {});
const signal = stopSignal(process.stdout);
const { stdin, stdout, stderr, env } = process;
const code = await main(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  signal,
});
if (!signal.aborted) await flushed(stdout);
await flushed(stderr);
endProcess(code, signal);
