import { classicBert } from "@ripvec/arch-classic-bert";
import { embedTexts, GenericBackend } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { openModel } from "@ripvec/hub";
import type { BenchModel } from "../engines/engine.js";
import { engineNamed } from "../engines/registry.js";
import { memoryNow } from "../process-memory.js";
import { streamTexts } from "../texts/texts.js";
import { summary } from "./rounds.js";

/** What a stream of so many texts costs, tokenising included. */
export interface StreamCost {
  readonly texts: number;
  readonly tokens: number;
  readonly microsecondsPerToken: number;
  /** Most memory of the process up to the end of this stream; null where the system doesn't tell. */
  readonly peakRssBytes: number | null;
}

export interface StreamTask {
  readonly engine: string;
  readonly model: BenchModel;
  readonly threads: number;
  readonly counts: readonly number[];
}

/** Streams shorter than the longest are repeated until they have had a tenth as many texts, and the median is taken. */
export async function streamCosts(task: StreamTask): Promise<StreamCost[]> {
  const model = await openModel(task.model.directory);
  const backend = await GenericBackend.create({
    driver: await cpu({ threads: task.threads }),
    arch: classicBert,
    model,
    dtype: engineNamed(task.engine).dtype,
  });
  const run = async (count: number) => {
    const start = performance.now();
    let tokens = 0;
    for await (const text of embedTexts(backend, model.tokenizer, streamTexts(count, 16, 48))) {
      tokens += text.tokens;
    }
    return { tokens, ms: performance.now() - start };
  };
  const longest = Math.max(...task.counts);
  await run(longest / 20);
  const costs: StreamCost[] = [];
  for (const texts of task.counts) {
    const repeats = Math.max(1, Math.round(longest / 10 / texts));
    const samples = [];
    for (let repeat = 0; repeat < repeats; repeat++) samples.push(await run(texts));
    const { ms } = summary(samples.map((sample) => sample.ms));
    const tokens = samples[0]?.tokens ?? 0;
    const peakRssBytes = (await memoryNow())?.peakRssBytes ?? null;
    costs.push({ texts, tokens, microsecondsPerToken: (ms * 1000) / tokens, peakRssBytes });
  }
  await backend.close();
  return costs;
}
