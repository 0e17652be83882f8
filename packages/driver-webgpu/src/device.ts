import { DriverUnavailableError, UnsupportedError } from "@ripvec/core";
import { findGpu, keepGpu } from "./find-gpu.js";
import type { DeviceOptions } from "./options.js";

/** A device and the features and limits that the driver uses. */
export interface OpenDevice {
  readonly device: GPUDevice;
  /** Whether the driver created the device and destroys it on close. */
  readonly isOwn: boolean;
  /** Name of the adapter, for people. */
  readonly words: string;
  /** Whether the adapter is a fallback adapter, which computes on the CPU. */
  readonly isFallback: boolean;
  /** Whether activations may be f16. */
  readonly f16: boolean;
  /** Smallest number of threads in a subgroup; 0 without subgroups. */
  readonly subgroupMinSize: number;
  /** Size of the largest buffer that a kernel can bind as a whole, in bytes. */
  readonly maxBindingBytes: number;
}

/** Limits that are requested at the maximum of the adapter. */
const raised = [
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

/** The smallest size that the specification allows, for adapters that do not report theirs. */
const minSubgroupSize = 4;

/** Kernels count elements in 32 bits. */
const maxIndexedBytes = 2 ** 32 - 256;

/**
 * Opens a device. Throws DriverUnavailableError if there is none or it is lost, and UnsupportedError for `f16: true` without
 * shader-f16.
 */
export async function openDevice(options: DeviceOptions): Promise<OpenDevice> {
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
      remedy: "An adapter provides one device: request a new adapter, or pass the device itself.",
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

async function requestAdapter({ gpu, powerPreference }: DeviceOptions): Promise<GPUAdapter> {
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
  { f16 }: DeviceOptions,
  info: GPUAdapterInfo | undefined = device.adapterInfo,
): OpenDevice {
  const hasF16 = device.features.has("shader-f16");
  if (f16 && !hasF16) throw lacksF16(info);
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const maxBytes = Math.min(maxStorageBufferBindingSize, maxBufferSize, maxIndexedBytes);
  return {
    device,
    isOwn,
    words: wordsOf(info),
    isFallback: info?.isFallbackAdapter ?? false,
    f16: hasF16 && f16 !== false,
    subgroupMinSize: device.features.has("subgroups")
      ? (info?.subgroupMinSize ?? minSubgroupSize)
      : 0,
    maxBindingBytes: Math.floor(maxBytes / 256) * 256,
  };
}

function lacksF16(info: GPUAdapterInfo | undefined): UnsupportedError {
  return new UnsupportedError({
    what: `dtype of activations on ${wordsOf(info)} (it lacks shader-f16)`,
    value: "f16",
    supported: ["f32"],
  });
}

/** For example "NVIDIA GeForce RTX 4090", or "apple metal-3" in a browser that hides the rest. */
function wordsOf(info: GPUAdapterInfo | undefined): string {
  const { description = "", device = "", vendor = "", architecture = "" } = info ?? {};
  return description || [vendor, device || architecture].filter(Boolean).join(" ") || "WebGPU";
}
