export { cpu, cpu as driver } from "./cpu.js";
export { type CpuInfo, cpuInfo } from "./info.js";
export type { CpuOptions, InstructionSet } from "./options.js";
