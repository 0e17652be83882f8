import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { create } from "webgpu";

/** What a run was done on. */
export interface AdapterReport {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** It computes on the CPU: its times say nothing about a GPU. */
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
 * Makes this process see one Vulkan driver alone: "lavapipe", "swiftshader" or the path of an ICD file. "system" leaves
 * the choice to the system. Before the first adapter is asked for, by whatever library. Throws when there is no such file.
 */
export function chooseVulkan(name: string): void {
  if (name === "system") return;
  const file = icdFiles[name] ?? name;
  if (!existsSync(file)) throw new Error(`adapter ${name}: there is no ${file}`);
  process.env.VK_ICD_FILENAMES = file;
  delete process.env.VK_DRIVER_FILES;
}

/** WebGPU objects hang or end the process when the GPU object that they come from is collected. */
const store = globalThis as { ripvecBenchmarkGpu?: GPU };

/** A new one each time, since an adapter gives one device; "high-performance", as onnxruntime asks. Throws when there is none. */
export async function requestAdapter(): Promise<GPUAdapter> {
  store.ripvecBenchmarkGpu ??= create([]);
  const powerPreference = "high-performance";
  const adapter = await store.ripvecBenchmarkGpu.requestAdapter({ powerPreference });
  if (adapter) return adapter;
  throw new Error(
    "no WebGPU adapter here: install a GPU's Vulkan driver, or name one in software with --adapter",
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
