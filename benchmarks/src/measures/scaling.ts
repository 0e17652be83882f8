import type { WeightDType } from "@ripvec/core";
import type { EngineSpec } from "../engines/engine.js";
import { inputOf } from "../inputs.js";
import { loadByName, tokensIn } from "../loads.js";
import { measurePeakGflops } from "../peak.js";
import { openEngine, type RunContext } from "./context.js";
import { msOf, quartiles } from "./rounds.js";

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

/** Each of our engines that was chosen. */
export async function measureScaling(context: RunContext): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = [];
  for (const spec of context.engines.filter(({ side }) => side === "ours")) {
    rows.push({
      engine: spec.name,
      dtype: spec.dtype,
      threads: context.threads,
      ...(await measureEngine(spec, context)),
    });
  }
  return rows;
}

/**
 * A round runs the load on one thread and on all, side by side: what the host of a virtual machine
 * takes of its cores changes within seconds. The peaks are measured before and after, so that
 * nothing but the load runs in the rounds. The ratios are medians.
 */
async function measureEngine(spec: EngineSpec, context: RunContext) {
  const load = loadByName("C");
  const input = inputOf(load);
  const [one, all] = [
    await openEngine({ ...context, threads: 1 }, spec, "ids"),
    await openEngine(context, spec, "ids"),
  ];
  const peaks = await peakRatios(context.threads);
  for (const engine of [one, all]) await engine.embed(input);
  const rounds = [];
  for (let round = 0; round < context.rounds.count; round++) {
    rounds.push({
      alone: await msOf(() => one.embed(input)),
      together: await msOf(() => all.embed(input)),
    });
  }
  for (const engine of [one, all]) await engine.close();
  peaks.push(...(await peakRatios(context.threads)));
  const perSecond = (ms: number[]) => (tokensIn(load) * 1000) / quartiles(ms).median;
  return {
    oneThreadTokensPerSecond: perSecond(rounds.map(({ alone }) => alone)),
    tokensPerSecond: perSecond(rounds.map(({ together }) => together)),
    ratio: quartiles(rounds.map(({ alone, together }) => alone / together)).median,
    peakRatio: peaks.length > 0 ? quartiles(peaks).median : null,
  };
}

const peakMeasurements = 5;

async function peakRatios(threads: number): Promise<number[]> {
  const ratios: number[] = [];
  for (let i = 0; i < peakMeasurements; i++) {
    const [one, all] = [await measurePeakGflops(1, 1), await measurePeakGflops(threads, 1)];
    if (one && all) ratios.push(all / one);
  }
  return ratios;
}
