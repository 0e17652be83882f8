export type { WebGpuOptions } from "./options.js";
export { webgpu } from "./webgpu.js";
