import type { Engine, EngineSpec, Input } from "../engines/engine.js";
import { flopsOf } from "../flops.js";
import { inputOf } from "../inputs.js";
import { isUniform, type Load, tokensIn } from "../loads.js";
import type { Measured } from "../report/rows.js";
import { checkAgreement } from "./agreement.js";
import { openEngine, type RunContext, referenceVectors } from "./context.js";
import { measure, type Timing } from "./rounds.js";

/** An engine whose vectors were checked once. */
interface Contender {
  readonly spec: EngineSpec;
  readonly engine: Engine;
  readonly cosine: number;
  /** Duration of that run. */
  readonly firstMs: number;
}

/**
 * Times every engine that accepts the load, in turn, on the same input. When an engine's vectors
 * differ from the reference's, throws before anything is measured. On a load that takes seconds, a
 * peer that is far slower than the best peer of its dtype keeps the time of its first run.
 */
export async function measureLoad(load: Load, context: RunContext): Promise<Measured[]> {
  const input = inputOf(load);
  const reference = await referenceVectors(context, input);
  const contenders: Contender[] = [];
  try {
    for (const spec of context.engines.filter((each) => canTake(each, load))) {
      const engine = await openEngine(context, spec, load.input);
      contenders.push({ spec, engine, ...(await firstRun(spec, engine, load, input, reference)) });
    }
    const [slow, close] = splitByFirstRun(contenders);
    const jobs = close.map((key) => ({ key, run: () => key.engine.embed(input) }));
    const timings = [
      ...(await measure(jobs, context.rounds)),
      ...slow.map((key) => ({ key, ms: key.firstMs, spread: 0, rounds: 1 })),
    ];
    return contenders.flatMap((contender) =>
      timings
        .filter(({ key }) => key === contender)
        .map((timing) => figures(load, contender, timing, context)),
    );
  } finally {
    for (const { engine } of contenders) await engine.close();
  }
}

export function canTake({ takes, oneLength }: EngineSpec, load: Load): boolean {
  return takes.includes(load.input) && (!oneLength || isUniform(load));
}

async function firstRun(
  spec: EngineSpec,
  engine: Engine,
  load: Load,
  input: Input,
  reference: readonly ArrayLike<number>[],
): Promise<{ cosine: number; firstMs: number }> {
  const start = performance.now();
  const vectors = await engine.embed(input);
  const firstMs = performance.now() - start;
  return { firstMs, cosine: checkAgreement(spec, load.name, vectors, reference) };
}

const farBehind = { factor: 1.5, ms: 2000 };

function splitByFirstRun(all: readonly Contender[]): [slow: Contender[], close: Contender[]] {
  const isBehind = ({ spec, firstMs }: Contender) => {
    const rivals = all.filter((o) => o.spec.side === "peer" && o.spec.dtype === spec.dtype);
    const best = Math.min(...rivals.map((rival) => rival.firstMs));
    return spec.side === "peer" && firstMs > Math.max(farBehind.ms, farBehind.factor * best);
  };
  return [all.filter(isBehind), all.filter((each) => !isBehind(each))];
}

function figures(
  load: Load,
  { spec, cosine }: Contender,
  { ms, spread, rounds }: Timing<unknown>,
  { shape }: RunContext,
): Measured {
  const { name: engine, dtype, side } = spec;
  const rates = ratesOf(load, ms, shape);
  return { load: load.name, engine, dtype, side, ms, ...rates, spread, rounds, cosine };
}

/** Rate of real tokens: padding adds to the time and not to the work. */
export function ratesOf(
  load: Load,
  ms: number,
  shape: RunContext["shape"],
): { tokensPerSecond: number; gflops: number } {
  return {
    tokensPerSecond: (tokensIn(load) / ms) * 1000,
    gflops: flopsOf(shape, load.lengths) / ms / 1e6,
  };
}
