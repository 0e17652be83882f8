/** One thing to time. */
export interface Job<K> {
  readonly key: K;
  /** Does the whole work once. */
  readonly run: () => Promise<unknown>;
}

export interface Timing<K> {
  readonly key: K;
  /** How often it was timed. */
  readonly rounds: number;
  /** Median over the rounds. */
  readonly ms: number;
  /** Distance of the quartiles, as a share of the median. */
  readonly spread: number;
}

export interface Rounds {
  readonly count: number;
  /** Rounds that are held even when `maxMs` has passed. */
  readonly minCount: number;
  /** No further round begins after this time. */
  readonly maxMs: number;
  /** A round repeats short work until this much time has passed and takes the mean. */
  readonly repeatMs: number;
  /** Rest before each turn: threads of the engine before may still be spinning. */
  readonly restMs: number;
}

/**
 * Times the jobs by turns, so that whatever slows the machine down for a while slows all of them.
 * Each round starts with another job. The jobs must have run once before.
 */
export async function measure<K>(jobs: readonly Job<K>[], rounds: Rounds): Promise<Timing<K>[]> {
  const samples = jobs.map((job) => ({ job, ms: [] as number[] }));
  const start = performance.now();
  const isOver = (round: number) =>
    round >= rounds.count || (round >= rounds.minCount && performance.now() - start > rounds.maxMs);
  for (let round = 0; !isOver(round); round++) {
    for (let turn = 0; turn < samples.length; turn++) {
      const sample = samples[(round + turn) % samples.length];
      await new Promise((resolve) => setTimeout(resolve, rounds.restMs));
      sample?.ms.push(await meanMs(sample.job, rounds.repeatMs));
    }
  }
  return samples.map(({ job, ms }) => ({ key: job.key, rounds: ms.length, ...summary(ms) }));
}

/** Of short work the first run is left out: the caches are full of what the job before left there. */
async function meanMs({ run }: Job<unknown>, repeatMs: number): Promise<number> {
  const first = await msOf(run);
  if (first > repeatMs) return first;
  let passed = 0;
  let runs = 0;
  while (runs === 0 || passed < repeatMs) {
    passed += await msOf(run);
    runs++;
  }
  return passed / runs;
}

export async function msOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Median and distance of the quartiles as a share of it. */
export function summary(samples: readonly number[]): { ms: number; spread: number } {
  const { low, median, high } = quartiles(samples);
  return { ms: median, spread: (high - low) / median };
}

export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Between two samples they are in proportion. */
export function quartiles(samples: readonly number[]): Quartiles {
  const sorted = samples.toSorted((a, b) => a - b);
  const quantile = (share: number) => {
    const at = share * (sorted.length - 1);
    const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return low + (high - low) * (at - Math.floor(at));
  };
  return { low: quantile(0.25), median: quantile(0.5), high: quantile(0.75) };
}
