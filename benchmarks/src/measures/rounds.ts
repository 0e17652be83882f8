/** One job to time. */
export interface Job<K> {
  readonly key: K;
  /** Does the whole work once. */
  readonly run: () => Promise<unknown>;
}

export interface Timing<K> {
  readonly key: K;
  /** Number of measurements. */
  readonly rounds: number;
  /** Median over the rounds. */
  readonly ms: number;
  /** Interquartile range as a part of the median. */
  readonly spread: number;
}

export interface Rounds {
  readonly count: number;
  /** Minimum number of rounds, even after `maxMs`. */
  readonly minCount: number;
  /** No further round begins after this time. */
  readonly maxMs: number;
  /** In a round, short work is repeated for this time, and the mean counts. */
  readonly repeatMs: number;
  /** Pause before each turn: threads of the previous engine may still be spinning. */
  readonly restMs: number;
}

/**
 * Times the jobs in turn, so that a temporary slowdown of the machine affects all of them. Each
 * round starts with another job. The jobs must have run once before.
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

/**
 * The first run of short work is not counted, because the caches hold the data of the previous job.
 */
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

/** Median, and interquartile range as a part of it. */
export function summary(samples: readonly number[]): { ms: number; spread: number } {
  const { low, median, high } = quartiles(samples);
  return { ms: median, spread: (high - low) / median };
}

export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Interpolates linearly between two samples. */
export function quartiles(samples: readonly number[]): Quartiles {
  const sorted = samples.toSorted((a, b) => a - b);
  const quantile = (share: number) => {
    const at = share * (sorted.length - 1);
    const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return low + (high - low) * (at - Math.floor(at));
  };
  return { low: quantile(0.25), median: quantile(0.5), high: quantile(0.75) };
}
