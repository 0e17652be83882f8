import { loadCpuAddon } from "./addon.js";
import type { CpuOptions, InstructionSet } from "./options.js";

/** What the driver finds on this machine. */
export interface CpuInfo {
  /** The processor's own name. */
  readonly name: string;
  readonly arch: string;
  /** Extensions of the CPU that the kernels look at, of those that the operating system allows. */
  readonly features: readonly string[];
  /** What can be forced with the option `instructionSet`, slowest first. */
  readonly instructionSets: readonly InstructionSet[];
  /** What is taken when nothing is forced. */
  readonly best: InstructionSet;
  /** Default number of threads: the cores that the affinity mask and the cgroup quota leave to this process. */
  readonly threads: number;
  /** The addon that was loaded. */
  readonly binaryPath: string;
}

/** Throws DriverUnavailableError when there is no addon for this platform. */
export function cpuInfo(options: Pick<CpuOptions, "binaryPath"> = {}): CpuInfo {
  const { addon, path } = loadCpuAddon(options.binaryPath);
  const { instructionSets, best, ...facts } = addon.cpuInfo();
  return {
    ...facts,
    instructionSets: instructionSets as InstructionSet[],
    best: best as InstructionSet,
    binaryPath: path,
  };
}
