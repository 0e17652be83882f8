export type { GpuAdapterLike, GpuDeviceLike, GpuLike, WebGpuOptions } from "./options.js";
export { webgpu } from "./webgpu.js";
