import { readFile } from "node:fs/promises";

/** Resident memory of this process as Linux counts it. */
export interface ProcessMemory {
  readonly rssBytes: number;
  /** The largest value that `rssBytes` has had. */
  readonly peakRssBytes: number;
}

/** Undefined without /proc. */
export async function memoryNow(): Promise<ProcessMemory | undefined> {
  if (process.platform !== "linux") return undefined;
  const status = await readFile("/proc/self/status", "utf8");
  const bytesOf = (key: string) =>
    Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  return { rssBytes: bytesOf("VmRSS"), peakRssBytes: bytesOf("VmHWM") };
}
