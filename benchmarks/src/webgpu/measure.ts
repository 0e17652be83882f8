import { distance } from "../compare.js";
import type { Engine, EngineSpec, Input } from "../engines/engine.js";
import { engineNamed } from "../engines/registry.js";
import { inputOf } from "../inputs.js";
import type { Load } from "../loads.js";
import { openEngine, type RunContext } from "../measures/context.js";
import { canTake, ratesOf } from "../measures/load.js";
import { measure, type Timing } from "../measures/rounds.js";
import type { Measured } from "../report/rows.js";
import type { LeftOut } from "./report.js";

/** An engine whose vectors were checked. */
interface Contender {
  readonly spec: EngineSpec;
  readonly engine: Engine;
  readonly cosine: number;
  /** Duration of a warm run. */
  readonly warmMs: number;
}

/**
 * Times every engine that accepts the load, in turn. All vectors are first compared with those of
 * driver-cpu in f32. Wrong vectors of ripvec's engines throw; a peer that fails or is wrong is left
 * out.
 */
export async function measureOn(
  load: Load,
  context: RunContext,
): Promise<{ rows: Measured[]; leftOut: LeftOut[] }> {
  const input = inputOf(load);
  const reference = await vectorsOfCpu(context, input);
  const contenders: Contender[] = [];
  const leftOut: LeftOut[] = [];
  try {
    for (const spec of context.engines.filter((each) => canTake(each, load))) {
      try {
        const engine = await openEngine(context, spec, "ids");
        contenders.push(await contender(spec, engine, { load, input, reference }));
      } catch (error) {
        if (spec.side === "ours") throw error;
        leftOut.push({ load: load.name, engine: spec.name, why: (error as Error).message });
      }
    }
    const timings = await timed(contenders, input, context);
    const rows = timings.map((timing) => figures(load, timing, context));
    return { rows, leftOut };
  } finally {
    for (const { engine } of contenders) await engine.close();
  }
}

async function vectorsOfCpu(context: RunContext, input: Input): Promise<ArrayLike<number>[]> {
  const engine = await openEngine(context, engineNamed("ours"), "ids");
  try {
    return await engine.embed(input);
  } finally {
    await engine.close();
  }
}

/**
 * The first run compiles pipelines and is checked, the second is timed. Closes an engine whose
 * vectors are wrong.
 */
async function contender(
  spec: EngineSpec,
  engine: Engine,
  { load, input, reference }: { load: Load; input: Input; reference: readonly ArrayLike<number>[] },
): Promise<Contender> {
  try {
    const cosine = checked(spec, load, await engine.embed(input), reference);
    const start = performance.now();
    await engine.embed(input);
    return { spec, engine, cosine, warmMs: performance.now() - start };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Largest 1 − cos: for f16 weights alone (ripvec), and for f16 activations too (the peer). */
const bounds: Readonly<Record<string, number>> = { f32: 1e-6, f16: 1e-5, "peer f16": 1e-4 };

function checked(
  { name, dtype, side }: EngineSpec,
  load: Load,
  vectors: readonly ArrayLike<number>[],
  reference: readonly ArrayLike<number>[],
): number {
  const { cosine } = distance(vectors, reference);
  const bound = bounds[`${side} ${dtype}`] ?? bounds[dtype] ?? 0;
  if (cosine <= bound) return Math.max(0, cosine);
  throw new Error(
    `load ${load.name}: 1 − cos of ${name} is ${cosine.toExponential(2)}, beyond ${bound}`,
  );
}

const farBehind = { factor: 1.5, ms: 2000 };

/**
 * On a load whose runs take seconds, a peer that is far slower than its best rival keeps the time
 * of its one warm run. Returns the timings in the given order.
 */
async function timed(
  all: readonly Contender[],
  input: Input,
  { rounds }: RunContext,
): Promise<Timing<Contender>[]> {
  const isBehind = ({ spec, warmMs }: Contender) => {
    const rivals = all.filter((o) => o.spec.side === "peer" && o.spec.dtype === spec.dtype);
    const best = Math.min(...rivals.map((rival) => rival.warmMs));
    return spec.side === "peer" && warmMs > Math.max(farBehind.ms, farBehind.factor * best);
  };
  const close = all.filter((each) => !isBehind(each));
  const jobs = close.map((key) => ({ key, run: () => key.engine.embed(input) }));
  const timings = await measure(jobs, rounds);
  return all.map(
    (key) =>
      timings.find((timing) => timing.key === key) ?? { key, ms: key.warmMs, spread: 0, rounds: 1 },
  );
}

function figures(
  load: Load,
  { key: { spec, cosine }, ms, spread, rounds }: Timing<Contender>,
  { shape }: RunContext,
): Measured {
  const { name: engine, dtype, side } = spec;
  const rates = ratesOf(load, ms, shape);
  return { load: load.name, engine, dtype, side, ms, ...rates, spread, rounds, cosine };
}
