import { type Driver, DriverUnavailableError } from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { type CommandSet, commandSet } from "./commands.js";
import { CpuDriver } from "./driver.js";
import { loadBinding } from "./load.js";
import type { NativeBinding, NativeEngine } from "./native.js";
import { withNativeErrors } from "./native-errors.js";
import { type CpuOptions, checkThreads, requestedInstructionSet } from "./options.js";

/**
 * The CPU driver. Passes run on its own threads, never on the JavaScript thread; an open driver does not
 * keep the process alive, a running pass does. Throws InputError for a wrong option and
 * DriverUnavailableError when there is no addon for this platform or the CPU lacks the instruction set.
 */
export async function cpu(options: CpuOptions = {}): Promise<Driver> {
  const requested = requestedInstructionSet(options.instructionSet);
  if (options.threads !== undefined) checkThreads(options.threads);
  const { native, path } = loadBinding(options.binaryPath);
  const commands = matchingCommands(native, path);
  const info = withNativeErrors(() => native.cpuInfo());
  const instructionSet = requested ?? info.best;
  if (!info.instructionSets.includes(instructionSet)) {
    throw new DriverUnavailableError({
      driver: `cpu with instruction set ${instructionSet}`,
      tried: [`${info.name}, which runs ${info.instructionSets.join(", ")}`],
      remedy: "Leave out the option instructionSet and the environment variable RIPVEC_CPU_ISA.",
    });
  }
  const engine = startEngine(native, options.threads ?? info.threads, instructionSet);
  return createDriver(
    new CpuDriver({ native: engine, commands, arch: info.arch, users: 0, passes: 0 }),
  );
}

function startEngine(native: NativeBinding, threads: number, instructionSet: string): NativeEngine {
  try {
    return new native.Engine(threads, instructionSet);
  } catch (error) {
    throw new DriverUnavailableError({
      driver: "cpu",
      tried: [`${threads} threads (${(error as Error).message})`],
      remedy: "Ask for fewer threads, or raise the limit of threads of this process.",
      cause: error,
    });
  }
}

function matchingCommands(native: NativeBinding, path: string): CommandSet {
  try {
    return commandSet(native.ops());
  } catch (error) {
    throw new DriverUnavailableError({
      driver: "cpu",
      tried: [`${path} (${(error as Error).message})`],
      remedy:
        "The addon is of another version than this package: install or build it again, or unset RIPVEC_CPU_BINARY.",
      cause: error,
    });
  }
}
