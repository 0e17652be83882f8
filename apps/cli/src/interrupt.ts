import { BrokenPipeError, InterruptedError, OutputError, type StopSignal } from "./errors.js";
import { whyUnwritable } from "./file-errors.js";
import type { OutputStream } from "./io.js";

const stopSignals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** How long an orderly stop may take before the process ends anyway. */
const graceMs = 800;
/**
 * A parent such as npm passes on the signal that the terminal has already sent to this process, so
 * one key press gives two signals.
 */
const samePressMs = 100;

/**
 * A signal that aborts on Ctrl-C, on SIGTERM, when the terminal is closed, and when the reader of
 * standard output goes away. A second Ctrl-C, or a stop that takes longer than `graceMs`, ends the
 * process at once.
 */
export function stopSignal(stdout: OutputStream): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  for (const name of stopSignals) {
    process.on(name, () => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        controller.abort(new InterruptedError(name));
        setTimeout(() => die(name), graceMs).unref();
      } else if (performance.now() - firstAt > samePressMs) die(name);
    });
  }
  stdout.on("error", (error) => controller.abort(outputError(error)));
  return controller.signal;
}

function outputError(cause: NodeJS.ErrnoException): Error {
  if (cause.code === "EPIPE") return new BrokenPipeError("the reader of standard output went away");
  return new OutputError(`standard output cannot be written: ${whyUnwritable(cause)}`, { cause });
}

/** Restores the signal's default action, so that the shell sees why the process ended. */
function die(name: StopSignal): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/**
 * Ends the process. When its terminal is gone, the process ends by the signal itself:
 * `process.exit` restores the terminal's settings, and Node 20 crashes when that fails.
 */
export function endProcess(code: number, { reason }: AbortSignal): void {
  releaseSignals();
  if (reason instanceof InterruptedError && reason.signalName === "SIGHUP") die("SIGHUP");
  else process.exit(code);
}

/**
 * Restores the default action of signals. `process.exit` waits for threads that are in a system
 * call, and no JavaScript runs in the meantime.
 */
function releaseSignals(): void {
  for (const name of stopSignals) process.removeAllListeners(name);
}
