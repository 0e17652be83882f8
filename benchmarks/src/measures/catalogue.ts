import { firstInputs, loads } from "../loads.js";
import type { Results } from "../report/results.js";
import type { Measured } from "../report/rows.js";
import { measureAccuracy } from "./accuracy.js";
import { measureCallers } from "./callers.js";
import type { RunContext } from "./context.js";
import { measureFirstVector } from "./first-vector.js";
import { measureLoad } from "./load.js";
import { measureMemory } from "./memory.js";
import { measureScaling } from "./scaling.js";
import { measureStream } from "./stream.js";

/** Adds rows to the main table, or a section to the results. */
interface Outcome extends Omit<Partial<Results>, "machine" | "rows" | "leftOut"> {
  readonly rows?: readonly Measured[];
}

/** A measure that a run can be asked for by name. */
export interface Measure {
  readonly name: string;
  readonly what: string;
  /** Takes many minutes, so it runs only when named. */
  readonly onlyWhenNamed?: boolean;
  run(context: RunContext): Promise<Outcome>;
}

export const measures: readonly Measure[] = [
  ...loads.map((load) => ({
    ...load,
    run: async (context: RunContext) => ({ rows: await measureLoad(load, context) }),
  })),
  ...firstInputs.map((load) => ({
    ...load,
    run: async (context: RunContext) => ({ rows: await measureFirstVector(load, context) }),
  })),
  {
    name: "memory",
    what: "peak resident memory on loads C and D, one process for each engine",
    run: async (context) => ({ memory: await measureMemory(context) }),
  },
  {
    name: "callers",
    what: "ours: 8 concurrent callers with one text at a time compared with one call",
    run: async (context) => ({ callers: await measureCallers(context) }),
  },
  {
    name: "scaling",
    what: "ours: all threads compared with one, load C",
    run: async (context) => ({ scaling: await measureScaling(context) }),
  },
  {
    name: "stream",
    what: "ours: one embedTexts stream of 100,000 texts compared with streams of 1,000, small model",
    onlyWhenNamed: true,
    run: async (context) => ({ stream: await measureStream(context) }),
  },
  {
    name: "accuracy",
    what: "1 − cos and neighbours of 2,000 texts compared with f32, also with outliers",
    onlyWhenNamed: true,
    run: async (context) => ({ accuracy: await measureAccuracy(context) }),
  },
];

export const measureNames: readonly string[] = measures.map(({ name }) => name);
