import { DriverUnavailableError, UnsupportedError } from "@ripvec/core";
import { findGpu, keepGpu } from "./find-gpu.js";
import type { WebGpuOptions } from "./options.js";

/** A device and what the driver may use of it. */
export interface OpenDevice {
  readonly device: GPUDevice;
  /** The driver made it and destroys it. */
  readonly isOwn: boolean;
  /** The adapter in words. */
  readonly words: string;
  /** The adapter is one in software. */
  readonly isFallback: boolean;
  readonly f16: boolean;
  /** Threads of a subgroup at least; 0 where there are none. */
  readonly subgroupMinSize: number;
  /** Largest buffer that a kernel can see in one piece, in bytes. */
  readonly maxBindingBytes: number;
}

/** Limits that are raised to what the adapter has. */
const raised = [
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

/** What the standard promises of those that don't say. */
const leastSubgroup = 4;

/** Elements are counted in 32 bits. */
const largestBinding = 2 ** 32 - 256;

/**
 * Finds a device. Throws DriverUnavailableError, for a device that is lost too, or UnsupportedError for `f16: true`
 * without shader-f16.
 */
export async function openDevice(options: WebGpuOptions): Promise<OpenDevice> {
  if (options.device) {
    await expectAlive(options.device);
    return opened(options.device, false, options);
  }
  const adapter = options.adapter ?? (await requestAdapter(options));
  const has = (feature: GPUFeatureName) => adapter.features.has(feature);
  if (options.f16 && !has("shader-f16")) throw lacksF16(adapter.info);
  const wanted: GPUFeatureName[] = ["subgroups"];
  if (options.f16 !== false) wanted.push("shader-f16");
  const requiredFeatures = wanted.filter(has);
  const requiredLimits = Object.fromEntries(raised.map((name) => [name, adapter.limits[name]]));
  try {
    const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
    return opened(device, true, options, adapter.info);
  } catch (cause) {
    throw new DriverUnavailableError({
      driver: "webgpu",
      tried: [`requestDevice of ${wordsOf(adapter.info)} (${(cause as Error).message})`],
      remedy: "An adapter gives one device: ask for a new adapter, or pass the device itself.",
      cause,
    });
  }
}

async function expectAlive(device: GPUDevice): Promise<void> {
  const lost = await Promise.race([device.lost, undefined]);
  if (!lost) return;
  throw new DriverUnavailableError({
    driver: "webgpu",
    tried: [`the device that was passed in (lost: ${lost.message || lost.reason})`],
    remedy: "Request a new device from a new adapter.",
  });
}

async function requestAdapter({ gpu, powerPreference }: WebGpuOptions): Promise<GPUAdapter> {
  const found = keepGpu(gpu ?? (await findGpu()));
  const adapter = await found.requestAdapter(powerPreference ? { powerPreference } : {});
  if (adapter) return adapter;
  throw new DriverUnavailableError({
    driver: "webgpu",
    tried: [`requestAdapter (no adapter${powerPreference ? ` for ${powerPreference}` : ""})`],
    remedy:
      "In a browser look at its GPU page (chrome://gpu); in Node install the driver of the GPU, with Vulkan on Linux.",
  });
}

function opened(
  device: GPUDevice,
  isOwn: boolean,
  { f16 }: WebGpuOptions,
  info: GPUAdapterInfo | undefined = device.adapterInfo,
): OpenDevice {
  const hasF16 = device.features.has("shader-f16");
  if (f16 && !hasF16) throw lacksF16(info);
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const largest = Math.min(maxStorageBufferBindingSize, maxBufferSize, largestBinding);
  return {
    device,
    isOwn,
    words: wordsOf(info),
    isFallback: info?.isFallbackAdapter ?? false,
    f16: hasF16 && f16 !== false,
    subgroupMinSize: device.features.has("subgroups")
      ? (info?.subgroupMinSize ?? leastSubgroup)
      : 0,
    maxBindingBytes: Math.floor(largest / 256) * 256,
  };
}

function lacksF16(info: GPUAdapterInfo | undefined): UnsupportedError {
  return new UnsupportedError({
    what: `dtype of activations on ${wordsOf(info)} (it lacks shader-f16)`,
    value: "f16",
    supported: ["f32"],
  });
}

/** "NVIDIA GeForce RTX 4090", or "apple metal-3" where a browser hides the rest. */
function wordsOf(info: GPUAdapterInfo | undefined): string {
  const { description = "", device = "", vendor = "", architecture = "" } = info ?? {};
  return description || [vendor, device || architecture].filter(Boolean).join(" ") || "WebGPU";
}
