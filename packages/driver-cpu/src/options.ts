import { InputError } from "@ripvec/core";

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
 * Widths of arithmetic the kernels are built for. Which of them run is the CPU's to say: see `cpuInfo`. Sets
 * with a suffix have dot products of bytes for weights kept in i8; all else is the set's without it.
 */
export type InstructionSet = (typeof instructionSets)[number];
const maxThreads = 1024;

export interface CpuOptions {
  /** Threads of a pass. Default: the cores that the affinity mask and the cgroup quota leave to this process. */
  readonly threads?: number | undefined;
  /** Default: the environment variable RIPVEC_CPU_ISA, else the best that the CPU can run. */
  readonly instructionSet?: InstructionSet | undefined;
  /** The addon to load. Default: the environment variable RIPVEC_CPU_BINARY, else the one of this package. */
  readonly binaryPath?: string | undefined;
}

/** Throws InputError when `threads` is not a whole number from 1 to 1024. */
export function checkThreads(threads: number): number {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > maxThreads) {
    throw new InputError(
      `threads must be a whole number from 1 to ${maxThreads}, got ${String(threads)}`,
    );
  }
  return threads;
}

/** The instruction set asked for, if any. Throws InputError when there is none of that name. */
export function requestedInstructionSet(
  option: InstructionSet | undefined,
): InstructionSet | undefined {
  const name: string | undefined = option ?? (process.env.RIPVEC_CPU_ISA || undefined);
  const known = instructionSets.find((each) => each === name);
  if (name !== undefined && known === undefined) {
    const source = option === undefined ? "RIPVEC_CPU_ISA" : "instructionSet";
    throw new InputError(
      `${source} must be one of ${instructionSets.join(", ")}, got ${String(name)}`,
    );
  }
  return known;
}
