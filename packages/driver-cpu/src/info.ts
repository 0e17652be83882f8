import { loadCpuAddon } from "./addon.js";
import type { CpuOptions, InstructionSet } from "./options.js";

/** What the driver finds on this machine. */
export interface CpuInfo {
  /** The processor's name as the processor reports it. */
  readonly name: string;
  readonly arch: string;
  /** The extensions of the CPU that the kernels use and the operating system allows. */
  readonly features: readonly string[];
  /** The instruction sets that can be chosen with the option `instructionSet`, slowest first. */
  readonly instructionSets: readonly InstructionSet[];
  /** The instruction set that is used when none is chosen. */
  readonly best: InstructionSet;
  /**
   * The default number of threads: the cores that the affinity mask and the cgroup quota leave to
   * this process.
   */
  readonly threads: number;
  /** The addon that was loaded. */
  readonly binaryPath: string;
}

/**
 * Describes this machine. Throws DriverUnavailableError when there is no addon for this platform.
 */
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
