import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { BenchModel, InputKind } from "./engines/engine.js";
import type { StreamTask } from "./measures/stream-costs.js";

/** A task for a child process: its name and its arguments. */
export type ChildTask =
  | ({ readonly task: "first-vector"; readonly load: string } & OnEngine)
  | ({ readonly task: "memory"; readonly load: string; readonly kind: InputKind } & OnEngine)
  | ({ readonly task: "stream" } & StreamTask);

interface OnEngine {
  readonly engine: string;
  readonly model: BenchModel;
  readonly threads: number;
}

export interface ChildResult<R> {
  readonly result: R;
  /** Time from the start of the process until its result arrives; the process ends later. */
  readonly ms: number;
}

const program = fileURLToPath(new URL("./child.js", import.meta.url));

/** Runs a task in a fresh process. Rejects with the child's stderr when it fails. */
export async function runChild<R>(task: ChildTask): Promise<ChildResult<R>> {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  // spawn returns when the program has begun. The copy of this process before that takes 0.1 s when
  // it holds 2 GB.
  const start = performance.now();
  let ms = Number.NaN;
  child.stdout.once("data", () => {
    ms = performance.now() - start;
  });
  const ended = once(child, "close");
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${task.task} of ${task.engine} failed: ${complaint.trim()}`);
  return { result: JSON.parse(output), ms };
}
