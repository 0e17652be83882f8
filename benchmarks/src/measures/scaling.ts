import type { WeightDType } from "@ripvec/core";
import type { EngineSpec } from "../engines/engine.js";
import { inputOf } from "../inputs.js";
import { loadByName, tokensIn } from "../loads.js";
import { measurePeakGflops } from "../peak.js";
import { openEngine, type RunContext } from "./context.js";
import { msOf, quartiles } from "./rounds.js";

/** One thread compared with all of them on load C. */
export interface ScalingRow {
  readonly engine: string;
  readonly dtype: WeightDType;
  readonly threads: number;
  readonly oneThreadTokensPerSecond: number;
  readonly tokensPerSecond: number;
  /** All threads over one, median of the rounds. */
  readonly ratio: number;
  readonly rounds: number;
  /**
   * The same ratio for the machine's multiply-add peak, measured between the rounds: the limit that
   * the cores themselves set.
   */
  readonly peakRatio: number | null;
  /**
   * The ratio in rounds with a peak of at least `wholeCores` of the threads before and after them;
   * null when there was none.
   */
  readonly ratioOnWholeCores: number | null;
  readonly roundsOnWholeCores: number;
}

/**
 * Minimum peak of all threads, as a part of `threads` × one thread's peak. With less, another
 * process used a part of the cores. The peak needs no memory, so it does not show what others use
 * of the memory's bandwidth.
 */
const wholeCores = 0.975;

/**
 * One run of the load on each, in ms, and the peak's gain from one thread to all, before and after.
 */
export interface ScalingRound {
  readonly alone: number;
  readonly together: number;
  readonly peaks: readonly [before: number | undefined, after: number | undefined];
}

/** Measures each chosen engine of ripvec. */
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
 * A round runs the load on one thread and then on all: the share of the cores that a virtual
 * machine gets from its host changes within seconds.
 */
async function measureEngine(spec: EngineSpec, context: RunContext) {
  const load = loadByName("C");
  const input = inputOf(load);
  const [one, all] = [
    await openEngine({ ...context, threads: 1 }, spec, "ids"),
    await openEngine(context, spec, "ids"),
  ];
  for (const engine of [one, all]) await engine.embed(input);
  const rounds: ScalingRound[] = [];
  let before = await peakGain(context.threads);
  for (let round = 0; round < context.rounds.count; round++) {
    const alone = await msOf(() => one.embed(input));
    const together = await msOf(() => all.embed(input));
    const after = await peakGain(context.threads);
    rounds.push({ alone, together, peaks: [before, after] });
    before = after;
  }
  for (const engine of [one, all]) await engine.close();
  const perSecond = (ms: number[]) => (tokensIn(load) * 1000) / quartiles(ms).median;
  return {
    oneThreadTokensPerSecond: perSecond(rounds.map(({ alone }) => alone)),
    tokensPerSecond: perSecond(rounds.map(({ together }) => together)),
    ...ratiosOf(rounds, context.threads),
  };
}

async function peakGain(threads: number): Promise<number | undefined> {
  const [one, all] = [await measurePeakGflops(1, 1), await measurePeakGflops(threads, 1)];
  return one && all && all / one;
}

type Ratios = Pick<
  ScalingRow,
  "ratio" | "rounds" | "peakRatio" | "ratioOnWholeCores" | "roundsOnWholeCores"
>;

/** Medians over the rounds. */
export function ratiosOf(rounds: readonly ScalingRound[], threads: number): Ratios {
  const peaks = rounds.flatMap(({ peaks }) => peaks[1] ?? []);
  const onWholeCores = rounds.filter(({ peaks }) =>
    peaks.every((gain) => gain !== undefined && gain >= wholeCores * threads),
  );
  const median = (values: number[]) => (values.length > 0 ? quartiles(values).median : null);
  const ratio = ({ alone, together }: ScalingRound) => alone / together;
  return {
    ratio: quartiles(rounds.map(ratio)).median,
    rounds: rounds.length,
    peakRatio: median(peaks),
    ratioOnWholeCores: median(onWholeCores.map(ratio)),
    roundsOnWholeCores: onWholeCores.length,
  };
}
