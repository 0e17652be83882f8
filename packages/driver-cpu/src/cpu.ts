import { type Driver, DriverUnavailableError } from "@ripvec/core";
import { createNativeDriver, withNativeErrors } from "@ripvec/native";
import { type CpuAddon, type CpuEngine, loadCpuAddon } from "./addon.js";
import { capabilitiesOf } from "./capabilities.js";
import { type CpuOptions, checkThreads, requestedInstructionSet } from "./options.js";

/**
 * Opens the CPU driver. Passes run on its own threads, never on the JavaScript thread. An open driver does not keep the
 * process alive; a running pass does. Throws InputError for a wrong option, and DriverUnavailableError when there is no
 * addon for this platform or the CPU lacks the instruction set.
 */
export async function cpu(options: CpuOptions = {}): Promise<Driver> {
  const requested = requestedInstructionSet(options.instructionSet);
  if (options.threads !== undefined) checkThreads(options.threads);
  const loaded = loadCpuAddon(options.binaryPath);
  const { addon } = loaded;
  const info = withNativeErrors("cpu", () => addon.cpuInfo());
  const instructionSet = requested ?? info.best;
  if (!info.instructionSets.includes(instructionSet)) {
    throw new DriverUnavailableError({
      driver: `cpu with instruction set ${instructionSet}`,
      tried: [`${info.name}, which runs ${info.instructionSets.join(", ")}`],
      remedy: "Leave out the option instructionSet and the environment variable RIPVEC_CPU_ISA.",
    });
  }
  const engine = startEngine(addon, options.threads ?? info.threads, instructionSet);
  const capabilities = capabilitiesOf(engine, info.arch);
  return createNativeDriver({ loaded, capabilities, engine });
}

function startEngine(addon: CpuAddon, threads: number, instructionSet: string): CpuEngine {
  try {
    return new addon.Engine({ threads, instructionSet });
  } catch (error) {
    throw new DriverUnavailableError({
      driver: "cpu",
      tried: [`${threads} threads (${(error as Error).message})`],
      remedy: "Ask for fewer threads, or raise the limit of threads of this process.",
      cause: error,
    });
  }
}
