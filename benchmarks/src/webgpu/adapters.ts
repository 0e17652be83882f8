import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { create } from "webgpu";

/** The adapter of a run. */
export interface AdapterReport {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** Whether it computes on the CPU: its times say nothing about a GPU. */
  readonly isSoftware: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

const software = /llvmpipe|lavapipe|swiftshader/i;
const toldLimits = [
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "minStorageBufferOffsetAlignment",
] as const;

/** Vulkan drivers in software where packages/driver-webgpu/scripts/install-test-targets.mjs puts them. */
const icdFiles: Readonly<Record<string, string>> = {
  lavapipe:
    process.env.RIPVEC_LAVAPIPE_ICD ||
    join(
      process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
      "ripvec-test-targets/lavapipe/icd.json",
    ),
  swiftshader: process.env.RIPVEC_SWIFTSHADER_ICD || "/usr/lib/chromium/vk_swiftshader_icd.json",
};

/**
 * Restricts this process to one Vulkan driver: "lavapipe", "swiftshader" or the path of an ICD
 * file. "system" leaves the choice to the system. It must be called before any library requests an
 * adapter. Throws when the file does not exist.
 */
export function chooseVulkan(name: string): void {
  if (name === "system") return;
  const file = icdFiles[name] ?? name;
  if (!existsSync(file)) throw new Error(`adapter ${name}: there is no ${file}`);
  process.env.VK_ICD_FILENAMES = file;
  delete process.env.VK_DRIVER_FILES;
}

/** WebGPU objects hang or end the process when their GPU object is garbage-collected. */
const store = globalThis as { ripvecBenchmarkGpu?: GPU };

/**
 * A new adapter each time, because an adapter gives only one device; "high-performance", as
 * onnxruntime requests it. Throws when there is none.
 */
export async function requestAdapter(): Promise<GPUAdapter> {
  store.ripvecBenchmarkGpu ??= create([]);
  const powerPreference = "high-performance";
  const adapter = await store.ripvecBenchmarkGpu.requestAdapter({ powerPreference });
  if (adapter) return adapter;
  throw new Error(
    "no WebGPU adapter found: install a GPU's Vulkan driver, or name a software driver with --adapter",
  );
}

export function describeAdapter({ info, features, limits }: GPUAdapter): AdapterReport {
  const { description, vendor, architecture, device } = info;
  const words = `${description} ${vendor} ${architecture} ${device}`;
  return {
    description,
    vendor,
    architecture,
    device,
    isSoftware: info.isFallbackAdapter || software.test(words),
    features: [...features].toSorted(),
    limits: Object.fromEntries(toldLimits.map((name) => [name, limits[name]])),
  };
}
