import { runChild } from "../children.js";
import type { EngineSpec } from "../engines/engine.js";
import type { RunContext } from "./context.js";

/** Resident memory of a process that has one engine and runs one load. */
export interface MemoryRow extends Pick<EngineSpec, "dtype" | "side"> {
  readonly load: string;
  readonly engine: string;
  /** With the model loaded, before the first text. Null where the system does not report it. */
  readonly loadedRssBytes: number | null;
  /** The largest value while it ran the load twice. */
  readonly peakRssBytes: number | null;
}

const memoryLoads = ["C", "D"];

/**
 * Measures each engine in its own process, on loads C and D: with token ids, or with text when it
 * does not accept ids.
 */
export async function measureMemory(context: RunContext): Promise<MemoryRow[]> {
  const { folder, threads } = context;
  const rows: MemoryRow[] = [];
  for (const load of memoryLoads) {
    for (const spec of context.engines) {
      if (spec.graph) await folder.write(spec.graph);
      const { name: engine, dtype, side } = spec;
      const { result } = await runChild<Partial<MemoryRow>>({
        task: "memory",
        engine,
        model: folder.model,
        threads,
        load,
        kind: spec.takes.includes("ids") ? "ids" : "text",
      });
      const { loadedRssBytes = null, peakRssBytes = null } = result;
      rows.push({ load, engine, dtype, side, loadedRssBytes, peakRssBytes });
    }
  }
  return rows;
}
