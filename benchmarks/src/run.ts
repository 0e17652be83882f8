import { isRipvecError } from "@ripvec/core";
import type { EngineSpec } from "./engines/engine.js";
import { describeMachine } from "./machine.js";
import { measures } from "./measures/catalogue.js";
import { openEngine, type RunContext } from "./measures/context.js";
import { ModelFolder } from "./model/model-folder.js";
import { bgeSmall } from "./model/specs.js";
import { type Options, parseOptions, usage } from "./options.js";
import { measurePeakGflops } from "./peak.js";
import { formatResults, type Results } from "./report/results.js";
import { type Measured, rated } from "./report/rows.js";
import { plotFile, saveResults, writeJson } from "./save.js";

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return console.log(usage());
  if (options.plot) return console.log(await plotFile(options.plot));
  const { json } = options;
  const results = await run(options, async (soFar) => {
    if (json) await writeJson(json, soFar);
  });
  console.log(formatResults(results));
  if (options.save) console.log((await saveResults(results)).join("\n"));
}

/**
 * Passes on all results so far after each measure, because a run is long and may be interrupted.
 */
async function run(
  { measures: names, engines, threads, rounds: count }: Options,
  keep: (soFar: Results) => Promise<void>,
): Promise<Results> {
  await using folder = await ModelFolder.create(bgeSmall);
  const rounds = { count, minCount: 3, maxMs: 60_000, repeatMs: 200, restMs: 20 };
  const { able, leftOut } = await ableEngines(engines, { folder, threads });
  const context: RunContext = { folder, shape: bgeSmall, engines: able, threads, rounds };
  const measured: Measured[] = [];
  const peaks = [await measurePeakGflops(threads)];
  let results: Results = {
    machine: await describeMachine(threads, highest(peaks)),
    leftOut,
    rows: [],
  };
  for (const measure of measures.filter(({ name }) => names.includes(name))) {
    console.error(`${measure.name}: ${measure.what}`);
    const { rows = [], ...sections } = await measure.run(context);
    measured.push(...rows);
    peaks.push(await measurePeakGflops(threads));
    const peakGflops = highest(peaks);
    const machine = { ...results.machine, peakGflops };
    results = { ...results, ...sections, machine, rows: rated(measured, peakGflops) };
    await keep(results);
  }
  return results;
}

/** Leaves out, by name, dtypes in which the driver cannot keep weights. */
async function ableEngines(
  engines: readonly EngineSpec[],
  context: Pick<RunContext, "folder" | "threads">,
): Promise<{ able: EngineSpec[]; leftOut: { engine: string; why: string }[] }> {
  const able: EngineSpec[] = [];
  const leftOut: { engine: string; why: string }[] = [];
  for (const spec of engines) {
    try {
      if (spec.side === "ours") await (await openEngine(context, spec, "ids")).close();
      able.push(spec);
    } catch (error) {
      if (!isRipvecError(error) || error.code !== "UNSUPPORTED") throw error;
      leftOut.push({ engine: spec.name, why: error.message });
    }
  }
  return { able, leftOut };
}

/** Disturbances of the machine can only lower its peak, so the maximum counts. */
function highest(peaks: readonly (number | undefined)[]): number | null {
  const known = peaks.filter((peak) => peak !== undefined);
  return known.length > 0 ? Math.max(...known) : null;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
