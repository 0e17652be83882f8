export type { WebGpuOptions } from "./options.js";
export { webgpu, webgpu as driver } from "./webgpu.js";
