import { isRipvecError, printable } from "@ripvec/core";
import { CommanderError } from "commander";

/** More than core keeps of a message, so that no message is cut twice. */
const longestMessage = 5_000;
const exitCodes = { ok: 0, failure: 1, usage: 2 } as const;
/** As in a shell: 128 plus the number of the signal. */
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type StopSignal = keyof typeof signalCodes;

/** The command line is invalid. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The user pressed Ctrl-C or closed the terminal, or the process received SIGTERM. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  readonly signalName: StopSignal;
  readonly exitCode: number;

  constructor(signalName: StopSignal = "SIGINT") {
    super("interrupted");
    this.signalName = signalName;
    this.exitCode = signalCodes[signalName];
  }
}

/** The reader of standard output went away, as `head` does. This is not a failure. */
export class BrokenPipeError extends Error {
  override readonly name = "BrokenPipeError";
}

/** Standard output cannot be written, although it still has a reader. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** A check ran to its end and found a problem. */
export class CheckFailedError extends Error {
  override readonly name = "CheckFailedError";
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof BrokenPipeError) return exitCodes.ok;
  if (error instanceof InterruptedError) return error.exitCode;
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return exitCodes.failure;
}

/**
 * The text to print for an error: one line, or the stack with its causes, safe for a terminal.
 * Empty when nothing is to be printed.
 */
export function describeError(error: unknown, debug: boolean): string {
  if (error instanceof BrokenPipeError || error instanceof CommanderError) return "";
  if (error instanceof InterruptedError) return "interrupted";
  if (debug) return debugText(error);
  const line = messageOf(error)
    .replace(/\s*\n\s*/g, " ")
    .trim();
  return printable(
    `error: ${line}${isExpected(error) ? "" : " (unexpected; --debug shows where)"}`,
    longestMessage,
  );
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const isExpected = (error: unknown): boolean =>
  isRipvecError(error) ||
  error instanceof UsageError ||
  error instanceof CheckFailedError ||
  error instanceof OutputError ||
  (error instanceof Error && "syscall" in error);

/** Only the frames of a stack may have several lines; line ends in a message are escaped. */
function debugText(error: unknown): string {
  const message = messageOf(error);
  if (!(error instanceof Error)) return printable(`error: ${message}`, longestMessage);
  const code = isRipvecError(error) ? `[${error.code}] ` : "";
  const { stack = message } = error;
  const frames = stack.slice(stack.indexOf(message) + message.length).split("\n");
  const head = printable(`${code}${error.name}: ${message}`, longestMessage);
  const own = [head, ...frames.slice(1).map((frame) => printable(frame))].join("\n");
  return error.cause === undefined ? own : `${own}\ncaused by: ${debugText(error.cause)}`;
}
