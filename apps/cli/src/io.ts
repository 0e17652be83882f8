import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { printable } from "@ripvec/core";

export type InputStream = Readable & { readonly isTTY?: boolean; readonly fd?: number };
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The environment of one invocation, which tests replace. */
export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts with the reason to stop: InterruptedError or BrokenPipeError. */
  readonly signal: AbortSignal;
}

/** Writes, and waits while the reader is slow. Rejects when `io.signal` aborts. */
export async function print(io: Io, data: string | Uint8Array): Promise<void> {
  io.signal.throwIfAborted();
  if (!io.stdout.write(data)) await once(io.stdout, "drain", { signal: io.signal });
}

/** Writes one line to standard error, with control characters escaped. */
export function note(io: Io, line: string): void {
  io.stderr.write(`${printable(line)}\n`);
}

/** NO_COLOR and FORCE_COLOR take precedence; otherwise colour is used on terminals. */
export function wantsColor(io: Io, stream: OutputStream): boolean {
  if (io.env.NO_COLOR) return false;
  const force = io.env.FORCE_COLOR;
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && io.env.TERM !== "dumb";
}
