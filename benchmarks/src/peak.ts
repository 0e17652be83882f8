import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const source = fileURLToPath(new URL("../native/fma_peak.cc", import.meta.url));
const folder = fileURLToPath(new URL("../build/", import.meta.url));
const program = `${folder}fma_peak${process.platform === "win32" ? ".exe" : ""}`;
const durationMs = 300;

/**
 * Rate of f32 multiply-adds that this machine's cores reach from registers, in GFLOP/s, the best of
 * the given number of runs of 0.3 s. Undefined without a C++ compiler (`CXX`, else c++).
 */
export async function measurePeakGflops(threads: number, repeats = 3): Promise<number | undefined> {
  try {
    await compile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  let best = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { stdout } = await execute(program, [String(threads), String(durationMs)]);
    best = Math.max(best, Number(stdout));
  }
  return best;
}

async function compile(): Promise<void> {
  if (existsSync(program) && (await stat(program)).mtimeMs > (await stat(source)).mtimeMs) return;
  await mkdir(folder, { recursive: true });
  const flags = ["-O3", "-march=native", "-std=c++20", "-pthread"];
  await execute(process.env.CXX ?? "c++", [...flags, source, "-o", program]);
}
