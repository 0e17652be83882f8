import { type LoadedAddon, loadAddon, type NativeAddon, type NativeEngine } from "@ripvec/native";
import { name, ripvec, version } from "../package.json";
import { kernels } from "./generated/kernels.js";

/** What the addon of the CPU driver exports in addition to what every addon exports. */
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
  /** The processor's name as the processor reports it. */
  readonly name: string;
  readonly arch: string;
  /** The extensions of this CPU that the kernels use. */
  readonly features: string[];
  /** The instruction sets that this CPU can run, slowest first. */
  readonly instructionSets: string[];
  /** The last of them. */
  readonly best: string;
  /**
   * The number of cores that the affinity mask and the cgroup quota leave to this process, at least
   * 1.
   */
  readonly threads: number;
}

/** Loads the addon. Throws DriverUnavailableError, which lists every attempt. */
export function loadCpuAddon(binaryPath: string | URL | undefined): LoadedAddon<CpuAddon> {
  return loadAddon<CpuAddon>(
    {
      driver: "cpu",
      packageName: name,
      codeFiles: [import.meta.url, typeof __filename === "string" ? __filename : undefined],
      fileStem: ripvec.addon,
      environmentVariable: ripvec.environmentVariable,
      help: "https://github.com/ripvec/ripvec/tree/main/packages/driver-cpu#where-the-addon-is-looked-for",
      kernels,
      version,
      platforms: ripvec.platforms,
    },
    binaryPath,
  );
}
