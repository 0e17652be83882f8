import { fileURLToPath } from "node:url";
import { type LoadedAddon, loadAddon, type NativeAddon, type NativeEngine } from "@ripvec/native";
import { kernels } from "./generated/kernels.js";

/** What the CPU driver's addon exports beyond what every addon does. */
export interface CpuAddon extends NativeAddon {
  cpuInfo(): NativeCpuInfo;
  readonly Engine: new (options: CpuEngineOptions) => CpuEngine;
}

export interface CpuEngineOptions {
  readonly threads: number;
  readonly instructionSet: string;
}

export interface CpuEngine extends NativeEngine {
  readonly threads: number;
  readonly instructionSet: string;
}

export interface NativeCpuInfo {
  /** The processor's own name. */
  readonly name: string;
  readonly arch: string;
  /** Extensions of this CPU that the kernels look at. */
  readonly features: string[];
  /** Instruction sets that this CPU can run, slowest first. */
  readonly instructionSets: string[];
  /** The last of them. */
  readonly best: string;
  /** Number of cores that the affinity mask and the cgroup quota leave to this process, at least 1. */
  readonly threads: number;
}

/** Throws DriverUnavailableError with every attempt. */
export function loadCpuAddon(binaryPath: string | undefined): LoadedAddon<CpuAddon> {
  return loadAddon<CpuAddon>(
    {
      driver: "cpu",
      packageName: "@ripvec/driver-cpu",
      packageRoot: fileURLToPath(new URL("../", import.meta.url)),
      fileStem: "driver_cpu",
      environmentVariable: "RIPVEC_CPU_BINARY",
      buildCommand: "npx pnpm@10 --filter @ripvec/driver-cpu build:native",
      kernels,
    },
    binaryPath,
  );
}
