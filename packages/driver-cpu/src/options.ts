import { InputError } from "@ripvec/core";
import { environmentVariable } from "@ripvec/native";

const instructionSets = [
  "portable",
  "avx2",
  "avx2-vnni",
  "avx512",
  "avx512-vnni",
  "neon",
  "neon-dot",
] as const;
/**
 * The instruction sets that the kernels are built for. `cpuInfo` tells which of them this CPU can
 * run. A set with a suffix has dot products of bytes for weights that are kept in i8; everything
 * else is as in the set without the suffix.
 */
export type InstructionSet = (typeof instructionSets)[number];
const maxThreads = 1024;

export interface CpuOptions {
  /**
   * The number of threads of a pass. Default: the cores that the affinity mask and the cgroup quota
   * leave to this process.
   */
  readonly threads?: number | undefined;
  /** Default: the environment variable RIPVEC_CPU_ISA, else the best that the CPU can run. */
  readonly instructionSet?: InstructionSet | undefined;
  /**
   * The path or file URL of the addon. Default: the environment variable RIPVEC_CPU_BINARY, else the addon of
   * this package.
   */
  readonly binaryPath?: string | URL | undefined;
}

/** Throws InputError when `threads` is not a whole number from 1 to 1024. */
export function checkThreads(threads: number): number {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > maxThreads) {
    throw new InputError(
      `threads must be a whole number from 1 to ${maxThreads}, got ${typeof threads === "string" ? JSON.stringify(threads) : String(threads)}`,
    );
  }
  return threads;
}

/**
 * The instruction set that was chosen, if any. Throws InputError when there is none of that name.
 */
export function requestedInstructionSet(
  option: InstructionSet | undefined,
): InstructionSet | undefined {
  const name: string | undefined = option ?? environmentVariable("RIPVEC_CPU_ISA");
  const known = instructionSets.find((each) => each === name);
  if (name !== undefined && known === undefined) {
    const source = option === undefined ? "RIPVEC_CPU_ISA" : "instructionSet";
    throw new InputError(
      `${source} must be one of ${instructionSets.join(", ")}, got ${String(name)}`,
    );
  }
  return known;
}
