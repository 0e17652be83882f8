import { describeError, exitCodeOf } from "./errors.js";
import { type Io, note } from "./io.js";
import { createProgram } from "./program.js";

/** Runs one invocation. Resolves with the exit code; never rejects and never ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  if (argv.some((argument) => argument.includes("\ufffd"))) {
    note(io, "note: an argument contains U+FFFD, which may replace bytes that are not UTF-8");
  }
  try {
    await createProgram(io).parseAsync(argv, { from: "user" });
    return 0;
  } catch (thrown) {
    const error: unknown = io.signal.aborted ? io.signal.reason : thrown;
    const text = describeError(error, asksForDebug(argv));
    if (text !== "") io.stderr.write(`${text}\n`);
    return exitCodeOf(error);
  }
}

function asksForDebug(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--debug");
}
