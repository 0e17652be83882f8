import { runChild } from "../children.js";
import { inputOf } from "../inputs.js";
import type { Load } from "../loads.js";
import type { Measured } from "../report/rows.js";
import { checkAgreement } from "./agreement.js";
import { type RunContext, referenceVectors } from "./context.js";
import { canTake, ratesOf } from "./load.js";
import { summary } from "./rounds.js";

/**
 * Time from the start of a node process that embeds one text to its vector, with the weights on
 * disk and in the page cache. Each engine runs in fresh processes, in turn, after one process that
 * is checked and not timed.
 */
export async function measureFirstVector(load: Load, context: RunContext): Promise<Measured[]> {
  const { folder, threads, rounds, shape } = context;
  const specs = context.engines.filter((spec) => canTake(spec, load));
  const reference = await referenceVectors(context, inputOf(load));
  const start = (engine: string) =>
    runChild<number[]>({
      task: "first-vector",
      engine,
      model: folder.model,
      threads,
      load: load.name,
    });
  const runs = [];
  for (const spec of specs) {
    if (spec.graph) await folder.write(spec.graph);
    const { result } = await start(spec.name);
    runs.push({
      spec,
      ms: [] as number[],
      cosine: checkAgreement(spec, load.name, [result], reference),
    });
  }
  for (let round = 0; round < rounds.count; round++) {
    for (let turn = 0; turn < runs.length; turn++) {
      const run = runs[(round + turn) % runs.length];
      run?.ms.push((await start(run.spec.name)).ms);
    }
  }
  return runs.map(({ spec: { name: engine, dtype, side }, ms: samples, cosine }) => {
    const { ms, spread } = summary(samples);
    const rates = ratesOf(load, ms, shape);
    const facts = { load: load.name, engine, dtype, side, cosine };
    return { ...facts, ms, ...rates, spread, rounds: samples.length };
  });
}
