import type { WeightDType } from "@ripvec/core";
import { inputOf } from "../inputs.js";
import { loadByName, tokensIn } from "../loads.js";
import { measurePeakGflops } from "../peak.js";
import { openEngine, type RunContext } from "./context.js";
import { measure } from "./rounds.js";

/** One thread against all of them on load C. */
export interface ScalingRow {
  readonly engine: string;
  readonly dtype: WeightDType;
  readonly threads: number;
  readonly oneThreadTokensPerSecond: number;
  readonly tokensPerSecond: number;
  /** All threads over one. */
  readonly ratio: number;
  /** The same ratio of the machine's multiply-add peak: what the cores themselves allow. */
  readonly peakRatio: number | null;
}

/** By turns, on each of our engines that was chosen. */
export async function measureScaling(context: RunContext): Promise<ScalingRow[]> {
  const load = loadByName("C");
  const input = inputOf(load);
  const rows: ScalingRow[] = [];
  for (const spec of context.engines.filter(({ side }) => side === "ours")) {
    const [one, all] = [
      await openEngine({ ...context, threads: 1 }, spec, "ids"),
      await openEngine(context, spec, "ids"),
    ];
    const engines = [one, all];
    for (const engine of engines) await engine.embed(input);
    const jobs = engines.map((engine) => ({ key: engine, run: () => engine.embed(input) }));
    const timings = await measure(jobs, context.rounds);
    for (const engine of engines) await engine.close();
    const [alone, together] = timings.map(({ ms }) => (tokensIn(load) * 1000) / ms);
    if (alone === undefined || together === undefined) continue;
    rows.push({
      engine: spec.name,
      dtype: spec.dtype,
      threads: context.threads,
      oneThreadTokensPerSecond: alone,
      tokensPerSecond: together,
      ratio: together / alone,
      peakRatio: await peakRatio(context.threads),
    });
  }
  return rows;
}

async function peakRatio(threads: number): Promise<number | null> {
  const [one, all] = [await measurePeakGflops(1), await measurePeakGflops(threads)];
  return one && all ? all / one : null;
}
