import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { cpuInfo } from "@ripvec/driver-cpu";
import { onTestFinished } from "vitest";
import { bundle } from "../../scripts/bundle.mjs";
import { onTestModel } from "./test-model.js";

/**
 * The program, bundled from the sources under the test file's name. Returns a function that starts
 * it, on the test model unless another one is named.
 */
export async function bundledCli(name: string): Promise<(options: StartOptions) => RunningCli> {
  const program = await bundle(name, "src/main.ts");
  // Fails with an explanation when the addon is not built, because the bundle lies elsewhere than
  // the driver's package.
  const { binaryPath } = cpuInfo();
  return (options) => new RunningCli(program, binaryPath, options);
}

interface StartOptions {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly stdio?: StdioOptions;
  /** A script of sh that starts the program as `"$0" "$@"`. */
  readonly shell?: string;
}

/** A separate process. It is killed after the test if it still runs. */
export class RunningCli {
  readonly child: ChildProcess;
  out = "";
  err = "";

  constructor(
    program: string,
    binaryPath: string,
    { argv, cwd, stdio = "pipe", shell }: StartOptions,
  ) {
    const command = [process.execPath, program, ...onTestModel(argv)];
    const [file = "", ...rest] = shell === undefined ? command : ["sh", "-c", shell, ...command];
    this.child = spawn(file, rest, {
      cwd,
      stdio,
      env: { ...process.env, RIPVEC_CPU_BINARY: binaryPath },
    });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.out += chunk.toString();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.err += chunk.toString();
    });
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  /** Exit code, or the signal that ended the process. */
  ended(): Promise<number | NodeJS.Signals | null> {
    return new Promise((resolve) => {
      this.child.on("close", (code, signal) => resolve(code ?? signal));
    });
  }

  /** Resolves with the first match in standard output. */
  async says(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.out));
  }

  /** Resolves with the first match in standard error. */
  async warns(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.err));
  }

  async #until(isMet: () => boolean): Promise<void> {
    while (!isMet()) {
      if (this.child.exitCode !== null) throw new Error(`the process ended first: ${this.err}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
