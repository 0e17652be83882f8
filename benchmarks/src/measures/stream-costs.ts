import { classicBert } from "@ripvec/arch-classic-bert";
import { embedTexts, GenericBackend } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { openModel } from "@ripvec/hub";
import type { BenchModel } from "../engines/engine.js";
import { engineNamed } from "../engines/registry.js";
import { memoryNow } from "../process-memory.js";
import { streamTexts } from "../texts/texts.js";
import { PacedTexts } from "./paced-texts.js";

/**
 * A slice of the long stream, compared with short streams of the same texts, including
 * tokenisation.
 */
export interface StreamSlice {
  /** Texts of the long stream up to the end of this slice. */
  readonly texts: number;
  /** Tokens of this slice. */
  readonly tokens: number;
  readonly longMs: number;
  /**
   * Time of all its texts as short streams: the mean of a measurement before and one after the
   * slice.
   */
  readonly shortMs: number;
  /**
   * Null where the system does not report it; measured after the slice, with the long stream still
   * open.
   */
  readonly rssBytes: number | null;
  readonly peakRssBytes: number | null;
  /** V8's heap with its free space, and the array buffers outside of it. */
  readonly heapBytes: number;
  readonly bufferBytes: number;
}

export interface StreamTask {
  readonly engine: string;
  readonly model: BenchModel;
  readonly threads: number;
  readonly slices: number;
  /** Texts of a slice: a multiple of those of a short stream. */
  readonly sliceTexts: number;
  readonly shortTexts: number;
}

const lengths = { from: 16, to: 48 };

/**
 * One stream that pauses after each slice while the same texts run in short streams, so that
 * changes of the machine's speed affect both.
 */
export async function streamCosts(task: StreamTask): Promise<StreamSlice[]> {
  const { slices: count, sliceTexts, shortTexts } = task;
  const model = await openModel(task.model.directory);
  const backend = await GenericBackend.create({
    driver: await cpu({ threads: task.threads }),
    arch: classicBert,
    model,
    dtype: engineNamed(task.engine).dtype,
  });
  const embed = (texts: AsyncIterable<string>) => embedTexts(backend, model.tokenizer, texts);
  const inShortStreams = async (slice: number) => {
    const start = performance.now();
    for (let at = 0; at < sliceTexts; at += shortTexts) {
      const texts = streamTexts(shortTexts, lengths.from, lengths.to, slice * sliceTexts + at);
      const stream = embed(new PacedTexts(texts, shortTexts).open());
      await take(stream, shortTexts);
      await stream.return();
    }
    return performance.now() - start;
  };
  const texts = streamTexts(count * sliceTexts, lengths.from, lengths.to);
  const paced = new PacedTexts(texts, sliceTexts);
  const stream = embed(paced);
  const slices: StreamSlice[] = [];
  await inShortStreams(0);
  for (let slice = 0; slice < count; slice++) {
    const before = await inShortStreams(slice);
    const start = performance.now();
    paced.open();
    const tokens = await take(stream, sliceTexts);
    const longMs = performance.now() - start;
    const { heapTotal, arrayBuffers } = process.memoryUsage();
    const memory = await memoryNow();
    slices.push({
      texts: (slice + 1) * sliceTexts,
      tokens,
      longMs,
      shortMs: (before + (await inShortStreams(slice))) / 2,
      rssBytes: memory?.rssBytes ?? null,
      peakRssBytes: memory?.peakRssBytes ?? null,
      heapBytes: heapTotal,
      bufferBytes: arrayBuffers,
    });
  }
  await stream.return();
  await backend.close();
  return slices;
}

/** Consumes the given number of texts and returns their tokens. */
async function take(
  stream: AsyncGenerator<{ readonly tokens: number }>,
  count: number,
): Promise<number> {
  let tokens = 0;
  for (let taken = 0; taken < count; taken++) {
    const { done, value } = await stream.next();
    if (done) throw new RangeError(`the stream ended after ${taken} of ${count} texts`);
    tokens += value.tokens;
  }
  return tokens;
}
