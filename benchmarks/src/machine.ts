import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { cpuInfo } from "@ripvec/driver-cpu";

/** Where and with what a run was done. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly platform: string;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly node: string;
  /** Of our kernels, as taken by default. */
  readonly instructionSet: string;
  /** f32 multiply-adds of all threads from registers, best of what was measured during the run; null without a compiler. */
  readonly peakGflops: number | null;
  readonly peers: Readonly<Record<string, string>>;
}

const packageJson = new URL("../package.json", import.meta.url);
const peers = ["onnxruntime-node", "@huggingface/transformers"];

export async function describeMachine(
  threads: number,
  peakGflops: number | null,
): Promise<Machine> {
  const { devDependencies } = JSON.parse(await readFile(packageJson, "utf8"));
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    platform: `${process.platform} ${process.arch}`,
    threads,
    memoryBytes: totalmem(),
    node: process.version,
    instructionSet: cpuInfo().best,
    peakGflops,
    peers: Object.fromEntries(peers.map((name) => [name, devDependencies[name]])),
  };
}
