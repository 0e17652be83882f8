import { PassThrough, Readable } from "node:stream";
import type { Io, OutputStream } from "../../src/io.js";

interface FakeOptions {
  readonly stdin?: string | Readable;
  /** Which streams are terminals, 80 columns wide. */
  readonly terminals?: readonly ("stdin" | "stdout" | "stderr")[];
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

interface FakeIo extends Io {
  /** The output so far. */
  out(): string;
  outBytes(): Buffer;
  err(): string;
}

/** An invocation's environment in memory. */
export function fakeIo(options: FakeOptions = {}): FakeIo {
  const isTTY = (name: "stdin" | "stdout" | "stderr") => options.terminals?.includes(name) ?? false;
  const out = sink(isTTY("stdout"));
  const err = sink(isTTY("stderr"));
  const { stdin = "" } = options;
  const input = typeof stdin === "string" ? Readable.from([Buffer.from(stdin)]) : stdin;
  return {
    stdin: Object.assign(input, { isTTY: isTTY("stdin") }),
    stdout: out.stream,
    stderr: err.stream,
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
    out: () => Buffer.concat(out.chunks).toString(),
    outBytes: () => Buffer.concat(out.chunks),
    err: () => Buffer.concat(err.chunks).toString(),
  };
}

function sink(isTTY: boolean): { stream: OutputStream; chunks: Buffer[] } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream: Object.assign(stream, { isTTY, columns: 80 }), chunks };
}
