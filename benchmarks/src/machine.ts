import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { cpuInfo } from "@ripvec/driver-cpu";

/** The machine and the settings of a run. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly platform: string;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly node: string;
  /** The instruction set of ripvec's kernels, chosen by default. */
  readonly instructionSet: string;
  /**
   * Rate of f32 multiply-adds of all threads from registers, the best measured during the run; null
   * without a compiler.
   */
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
