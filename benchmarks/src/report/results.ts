import type { Machine } from "../machine.js";
import type { AccuracyRow } from "../measures/accuracy.js";
import type { CallersRow } from "../measures/callers.js";
import type { MemoryRow } from "../measures/memory.js";
import type { ScalingRow } from "../measures/scaling.js";
import type { StreamRow } from "../measures/stream.js";
import { formatRows, type Row } from "./rows.js";
import {
  formatAccuracy,
  formatCallers,
  formatMemory,
  formatScaling,
  formatStream,
} from "./sections.js";

/** The results of a run. Sections that were not measured are absent. */
export interface Results {
  readonly machine: Machine;
  /** Engines that were requested and cannot run here. */
  readonly leftOut: readonly { readonly engine: string; readonly why: string }[];
  readonly rows: readonly Row[];
  readonly memory?: readonly MemoryRow[];
  readonly callers?: readonly CallersRow[];
  readonly scaling?: readonly ScalingRow[];
  readonly stream?: readonly StreamRow[];
  readonly accuracy?: readonly AccuracyRow[];
}

/** All results in tables, for a terminal. */
export function formatResults(results: Results): string {
  const { machine, leftOut, rows, memory, callers, scaling, stream, accuracy } = results;
  const { cpu, threads, instructionSet, node, peakGflops } = machine;
  const peak = peakGflops === null ? "peak unknown" : `peak ${peakGflops.toFixed(1)} GFLOP/s`;
  return [
    `${cpu}, ${threads} threads, ${instructionSet}, node ${node}, ${peak}`,
    ...leftOut.map(({ engine, why }) => `left out: ${engine}: ${why}`),
    rows.length > 0 && formatRows(rows),
    memory && `Resident memory\n${formatMemory(memory)}`,
    callers && `8 callers, a text of 128 tokens at a time\n${formatCallers(callers)}`,
    scaling && `Threads, load C\n${formatScaling(scaling)}`,
    stream &&
      `One embedTexts stream compared with streams of 1,000 texts, model 2 × 128; resident memory (of it heap, at most)\n${formatStream(stream)}`,
    accuracy && `2,000 texts against f32\n${formatAccuracy(accuracy)}`,
  ]
    .filter((part) => typeof part === "string")
    .join("\n\n");
}
