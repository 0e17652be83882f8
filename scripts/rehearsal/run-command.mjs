import { spawn } from "node:child_process";

/** The commands that run now. */
const running = new Set();

/** Ends all running commands and what they started. */
export function endCommands() {
  for (const { pid } of running) {
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}

const limit = 10 * 60_000;

/**
 * Runs a command without a terminal and resolves with its standard output. Rejects with everything that it printed if it
 * ends with another exit code than 0, or not within ten minutes.
 */
export function runCommand(cwd, command, args, { env, timeout = limit } = {}) {
  const stdio = ["ignore", "pipe", "pipe"];
  // A process group of its own, so that endCommands reaches what the command started.
  const child = spawn(command, args, { cwd, env, stdio, timeout, detached: true });
  if (child.pid !== undefined) running.add(child);
  let stdout = "";
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(stdout);
      const line = [command, ...args].join(" ");
      reject(new Error(`${line} ended with ${code ?? signal}:\n${printed.trimEnd()}`));
    });
  });
}

/** Resolves with the message of a command that has to fail, once it is known to contain all `parts`. */
export async function failureOf(promise, parts) {
  const failure = await promise.then(
    (printed) => {
      throw new Error(`the command did not fail; it printed:\n${printed}`);
    },
    (error) => error.message,
  );
  for (const part of parts) {
    if (!failure.includes(part)) throw new Error(`the message lacks "${part}":\n${failure}`);
  }
  return failure;
}
